using System.Diagnostics;
using VSan.Tests.Fuzz.Coverage;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Running;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz;

/// <summary>
/// Runs scripts against the protocol code in this process: new ones from the grammar, and changes of those that went where none had gone before.
/// </summary>
internal sealed class Fuzzer(FuzzOptions options, TextWriter log)
{
    /// <summary>More kinds of findings than this are one: the code does not work at all.</summary>
    private const int FindingsMax = 20;

    /// <summary>Scripts that are kept to be changed; the oldest make room.</summary>
    private const int KeptMax = 4096;

    /// <summary>One script in so many runs twice, its bytes cut elsewhere.</summary>
    private const int CutOneIn = 4;

    /// <summary>One script in so many is written and read again: its file has to replay it.</summary>
    private const int RoundTripOneIn = 64;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(options.Seed);
    private readonly ScriptGrammar _grammar = new(options.Target);
    private readonly EdgeMap _edges = new();
    private readonly List<Script> _kept = [];
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private long _scripts;
    private long _inputs;

    public FuzzReport Run()
    {
        long start = Stopwatch.GetTimestamp(), reported = start;
        var trial = new ScriptTrial(options.Timed);
        while (_scripts < options.Scripts && Stopwatch.GetElapsedTime(start) < options.Time && _findings.Count < (options.StopAtFirst ? 1 : FindingsMax))
        {
            Try(trial, Next());
            if (Stopwatch.GetElapsedTime(reported) < ReportEvery) continue;
            reported = Stopwatch.GetTimestamp();
            log.WriteLine($"  {_scripts} scripts, {Report().Line}");
        }

        return Report();
    }

    private Script Next()
    {
        if (_kept.Count == 0 || _random.OneIn(2)) return _grammar.Script(_random);
        return ScriptMutator.Mutate(_kept[_random.Next(_kept.Count)], _kept[_random.Next(_kept.Count)], _grammar, _random);
    }

    private void Try(ScriptTrial trial, Script script)
    {
        int cutSeed = _random.OneIn(CutOneIn) ? _random.Next(1, int.MaxValue) : 0;
        _edges.Clear();
        string? what = trial.Try(script, cutSeed);
        _scripts++;
        _inputs += cutSeed == 0 ? script.Inputs : 2 * script.Inputs;
        if (_edges.Merge()) Keep(script);
        if (what is null && _scripts % RoundTripOneIn == 0 && !IsSameAsText(script)) what = "A script is not what was read of its text.";
        if (what is not null && !_findings.ContainsKey(Kind(what))) Note(trial, script, what);
    }

    private void Keep(Script script)
    {
        if (_kept.Count < KeptMax) _kept.Add(script);
        else _kept[_random.Next(KeptMax)] = script;
    }

    private void Note(ScriptTrial trial, Script script, string what)
    {
        // The cuts of the second run are tried anew, as they hang on the script.
        Script small = ScriptShrinker.Shrink(script, candidate => trial.Try(candidate, cutSeed: 1) is { } again && Kind(again) == Kind(what));
        var finding = new Finding(what, small);
        _findings.Add(Kind(what), finding);
        log.WriteLine($"FOUND: {what}");
        if (options.Folder is not null) log.WriteLine($"  replay with: ./dev fuzz replay {finding.Write(options.Folder, $"{options.Seed}-{_findings.Count}")}");
    }

    private static bool IsSameAsText(Script script)
    {
        string text = ScriptText.Format(script);
        return ScriptText.Format(ScriptText.Parse(text)) == text;
    }

    private FuzzReport Report() => new(_scripts, _inputs, [.. _findings.Values], _edges.Taken, _edges.Count);

    /// <summary>Findings that differ in numbers only are one.</summary>
    private static string Kind(string what) => string.Concat(what.Where(c => !char.IsAsciiHexDigit(c)));
}
