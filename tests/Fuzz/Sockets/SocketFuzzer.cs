using System.Diagnostics;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Fuzz.Scripts;
using VSan.Tests.Harness;

namespace VSan.Tests.Fuzz.Sockets;

/// <summary>The same scripts against the block server as a process. Whether it is well is asked every so often, so that a finding names its last scripts.</summary>
internal sealed class SocketFuzzer(FuzzOptions options, TextWriter log)
{
    /// <summary>The sabotage of the negative control.</summary>
    public const string PlantedBug = "overflow-chap-response";

    private const int ScriptsBetweenLooks = 200;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(options.Seed);
    private readonly ScriptGrammar _grammar = new(FuzzTarget.Sockets);
    private readonly List<Script> _last = [];
    private readonly List<Finding> _findings = [];
    private long _scripts;
    private long _inputs;

    /// <summary>Ends with the first finding: the server is not what it was.</summary>
    public async Task<FuzzReport> RunAsync()
    {
        using TestDirectory directory = TestDirectory.For("Fuzz");
        await using FuzzedServer server = await FuzzedServer.StartAsync(directory, options.Break ? PlantedBug : null);
        long start = Stopwatch.GetTimestamp(), reported = start, largest = 0;
        while (_scripts < options.Scripts && Stopwatch.GetElapsedTime(start) < options.Time && _findings.Count == 0)
        {
            Run(server);
            if (server.Running && _scripts % ScriptsBetweenLooks != 0 && _scripts < options.Scripts) continue;
            if (server.Running) largest = Math.Max(largest, server.ResidentBytes);
            await LookAsync(server);
            if (Stopwatch.GetElapsedTime(reported) < ReportEvery) continue;
            reported = Stopwatch.GetTimestamp();
            await log.WriteLineAsync($"  {_scripts} scripts, {Report().Line}, {largest >> 20} MiB at most");
        }

        if (_findings.Count == 0) await LookAsync(server);
        await log.WriteLineAsync($"  {largest >> 20} MiB at most");
        return Report();
    }

    private void Run(FuzzedServer server)
    {
        Script script = _grammar.Script(_random);
        _last.Add(script);
        var sessions = new SessionsSeen();
        SocketPeer[] peers = [.. Enumerable.Range(0, Script.ConnectionsMax).Select(_ => new SocketPeer(server.Portal, sessions))];
        foreach (Step step in script.Steps)
        {
            if (step is Step.Pdu pdu) peers[pdu.Connection].Send(pdu);
            else if (step is Step.Hangup hangup) peers[hangup.Connection].Hangup();
        }

        foreach (SocketPeer peer in peers) peer.Dispose();
        _scripts++;
        _inputs += script.Inputs;
    }

    private async Task LookAsync(FuzzedServer server)
    {
        try
        {
            await server.AssertWellAsync();
        }
        catch (FindingException finding)
        {
            // One of them did it: all are kept, each its own conversation.
            var together = new Script([.. _last.SelectMany(script => script.Steps.Concat(Enumerable.Range(0, Script.ConnectionsMax).Select(one => new Step.Hangup(one))))]);
            _findings.Add(new Finding(finding.Message, together));
            await log.WriteLineAsync($"FOUND: {finding.Message}");
            if (options.Folder is not null) await log.WriteLineAsync($"  replay with: ./dev fuzz replay {_findings[^1].Write(options.Folder, $"sockets-{options.Seed}")}");
        }

        _last.Clear();
    }

    private FuzzReport Report() => new(_scripts, _inputs, _findings, 0, 0);
}
