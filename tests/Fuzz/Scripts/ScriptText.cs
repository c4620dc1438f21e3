using System.Globalization;
using System.Text;
using VSan.Block;

namespace VSan.Tests.Fuzz.Scripts;

/// <summary>
/// A script as a file that people can read and change: one step a line, <c>#</c> begins a comment.
/// <code>
///   pdu CONNECTION FIXES HEADER [DATA]     fixes: letters of <see cref="Fix"/> or -; header and data hexadecimal
///   hangup CONNECTION | wait SECONDS | hold | serve REQUESTS | release | fail STATUS | stall | flow | configure VARIANT
/// </code>
/// </summary>
internal static class ScriptText
{
    private const string Letters = "nldrwskc";
    private const int HeaderBytesMin = 48;

    public static string Format(Script script)
    {
        var text = new StringBuilder();
        foreach (Step step in script.Steps) text.AppendLine(Format(step));
        return text.ToString();
    }

    /// <summary>Reads what <see cref="Format(Script)"/> wrote.</summary>
    /// <exception cref="FormatException">A line is not a step.</exception>
    public static Script Parse(string text)
    {
        var steps = new List<Step>();
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith('#')) steps.Add(ParseStep(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        return new Script(steps);
    }

    private static string Format(Step step) => step switch
    {
        Step.Pdu pdu => string.Create(
            CultureInfo.InvariantCulture, $"pdu {pdu.Connection} {Format(pdu.Fixes)} {Convert.ToHexString(pdu.Header)} {Convert.ToHexString(pdu.Data)}").TrimEnd(),
        Step.Hangup hangup => string.Create(CultureInfo.InvariantCulture, $"hangup {hangup.Connection}"),
        Step.Wait wait => string.Create(CultureInfo.InvariantCulture, $"wait {wait.Seconds}"),
        Step.Hold => "hold",
        Step.Serve serve => string.Create(CultureInfo.InvariantCulture, $"serve {serve.Requests}"),
        Step.Release => "release",
        Step.Fail fail => $"fail {fail.Status}",
        Step.Stall stall => stall.Stalls ? "stall" : "flow",
        Step.Configure configure => string.Create(CultureInfo.InvariantCulture, $"configure {configure.Variant}"),
        _ => throw new NotSupportedException($"{step.GetType().Name} has no line."),
    };

    private static Step ParseStep(string[] words)
    {
        Step? step = (words[0], words.Length) switch
        {
            ("pdu", 4 or 5) => new Step.Pdu(Connection(words[1]), ParseFixes(words[2]), Convert.FromHexString(words[3]), words.Length == 5 ? Convert.FromHexString(words[4]) : []),
            ("hangup", 2) => new Step.Hangup(Connection(words[1])),
            ("wait", 2) => new Step.Wait(Number(words[1])),
            ("hold", 1) => new Step.Hold(),
            ("serve", 2) => new Step.Serve(Number(words[1])),
            ("release", 1) => new Step.Release(),
            ("fail", 2) => new Step.Fail(Enum.Parse<BlockStatus>(words[1])),
            ("stall", 1) => new Step.Stall(true),
            ("flow", 1) => new Step.Stall(false),
            ("configure", 2) => new Step.Configure(Number(words[1])),
            _ => null,
        };
        if (step is null or Step.Pdu { Header.Length: < HeaderBytesMin }) throw new FormatException($"Not a step: {string.Join(' ', words)}");
        return step;
    }

    private static string Format(Fix fixes) =>
        fixes == Fix.None ? "-" : string.Concat(Letters.Where((_, bit) => ((int)fixes & (1 << bit)) != 0));

    private static Fix ParseFixes(string letters) =>
        letters == "-" ? Fix.None : (Fix)letters.Sum(letter => Letters.Contains(letter) ? 1 << Letters.IndexOf(letter) : throw new FormatException($"'{letter}' is no fix."));

    private static int Connection(string word) =>
        Number(word) is var number && number < Script.ConnectionsMax ? number : throw new FormatException($"There is no connection {word}.");

    private static int Number(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
}
