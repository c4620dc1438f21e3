using System.Globalization;
using VSan.Tests.Fuzz.Grammar;

namespace VSan.Tests.Fuzz;

/// <summary>What a run fuzzes, for how long, and from which seed.</summary>
internal sealed record FuzzOptions
{
    private static readonly (string Word, FuzzTarget Target)[] Targets =
        [("in-process", FuzzTarget.InProcess), ("pdu", FuzzTarget.Pdu), ("text", FuzzTarget.Text), ("cdb", FuzzTarget.Cdb), ("sockets", FuzzTarget.Sockets)];

    public FuzzTarget Target { get; init; } = FuzzTarget.InProcess;

    /// <summary>Of everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Ends the run, when <see cref="Scripts"/> does not do so before.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Ends the run after so many scripts.</summary>
    public long Scripts { get; init; } = long.MaxValue;

    /// <summary>The negative control: bugs are planted, and each has to be found.</summary>
    public bool Break { get; init; }

    /// <summary>A script that takes longer than its bound, and does so again, is a finding. Only where nothing else runs for long.</summary>
    public bool Timed { get; init; }

    /// <summary>Ends the run with the first finding.</summary>
    public bool StopAtFirst { get; init; }

    /// <summary>Where findings are written; null: nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>The words of <c>./dev fuzz</c>; null when one of them makes no sense.</summary>
    public static FuzzOptions? TryParse(IReadOnlyList<string> words)
    {
        var options = new FuzzOptions { Seed = Random.Shared.Next(), Timed = true };
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == "--break")
            {
                options = options with { Break = true };
                continue;
            }

            FuzzOptions? more = i + 1 == words.Count ? null : options.With(words[i], words[++i]);
            if (more is null) return null;
            options = more;
        }

        return options;
    }

    private FuzzOptions? With(string option, string value)
    {
        if (option == "--target") return Targets.FirstOrDefault(one => one.Word == value) is { Word: not null } found ? this with { Target = found.Target } : null;
        if (option == "--folder") return this with { Folder = value };
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
        return option switch
        {
            "--seconds" => this with { Time = TimeSpan.FromSeconds(number) },
            "--scripts" => this with { Scripts = number, Time = TimeSpan.MaxValue },
            "--seed" => this with { Seed = number },
            _ => null,
        };
    }
}
