using VSan.BlockServer;
using VSan.BlockServer.Control;

if (CommandHelp.Asked(args) is { } page)
{
    Console.WriteLine(page);
    return 0;
}

CommandLine? line = CommandLine.TryParse(args, out string? error);
if (line is null)
{
    await Console.Error.WriteLineAsync($"vsan-blockserver: {error}{Environment.NewLine}{CommandHelp.Usage}");
    return 2;
}

return line.Verb switch
{
    CommandVerb.Run => await BlockServerProcess.RunAsync(line),
    CommandVerb.Apply => await ControlClient.ApplyAsync(line.Control, line.File!),
    CommandVerb.Inspect => await ControlClient.InspectAsync(line),
    CommandVerb.Snapshot => await ControlClient.SnapshotAsync(line.Control, line.Snapshots),
    CommandVerb.Drain => await ControlClient.DrainAsync(line.Control, line.Drain),
    CommandVerb.Metrics => await ControlClient.MetricsAsync(line.Control),
};
