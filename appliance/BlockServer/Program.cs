using VSan.BlockServer;
using VSan.BlockServer.Control;

const string usage = """
    usage: vsan-blockserver run --state DIR --control SOCKET [--rings N] [--buffers-mib N]
           vsan-blockserver apply --control SOCKET FILE.json
           vsan-blockserver inspect --control SOCKET
    """;

CommandLine? line = CommandLine.TryParse(args, out string? error);
if (line is null)
{
    await Console.Error.WriteLineAsync($"vsan-blockserver: {error}{Environment.NewLine}{usage}");
    return 2;
}

return line.Verb switch
{
    CommandVerb.Run => await BlockServerProcess.RunAsync(line),
    CommandVerb.Apply => await ControlClient.ApplyAsync(line.Control, line.File!),
    CommandVerb.Inspect => await ControlClient.InspectAsync(line.Control),
};
