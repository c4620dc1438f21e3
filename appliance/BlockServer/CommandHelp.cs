namespace VSan.BlockServer;

/// <summary>What each verb does, its options, and examples that can be copied.</summary>
internal static class CommandHelp
{
    /// <summary>The verbs in short.</summary>
    internal const string Usage = """
        usage: vsan-blockserver run --state DIR --control SOCKET [--rings N] [--buffers-mib N]
                                    [--control-group GROUP] [--metrics unix:PATH|127.0.0.1:PORT] [--engine auto|uring|epoll]
               vsan-blockserver apply --control SOCKET FILE.json
               vsan-blockserver inspect --control SOCKET [-o json|table] [--watch [SECONDS]]
               vsan-blockserver metrics --control SOCKET
               vsan-blockserver snapshot --control SOCKET VOLUME=PATH…
               vsan-blockserver drain --control SOCKET [--target NAME] [--portal ADDRESS:PORT] [--within SECONDS]
               vsan-blockserver [VERB] --help
        """;

    private const string Run = """
        vsan-blockserver run: serves volumes over iSCSI until SIGTERM or SIGINT.

          --state DIR            directory of the server's own copy of its configuration; made when missing, mode 0700
          --control SOCKET       control socket, mode 0600: root and the server's own user may use it
          --control-group GROUP  lets members of this group use it too (name or number), mode 0660
          --rings N              rings, one thread each, 1 to 256; default: one for each core
          --buffers-mib N        data buffers of each ring, a multiple of 4 from 4 to 1024; default 16
          --engine NAME          auto: io_uring, or epoll where io_uring is not allowed, which the log says; uring: no start without
                                 it; epoll: sockets by epoll, files by threads, slower. Default auto
          --metrics WHERE        answers GET /metrics on unix:PATH or on a loopback ADDRESS:PORT; default: nowhere

        It needs no capability unless a portal's port is below 1024. Exit code: 0 stopped, 1 could not start, 2 wrong arguments.

          vsan-blockserver run --state /var/lib/vsan/blockserver --control /run/vsan/blockserver.sock
          vsan-blockserver run --state ./state --control ./control --rings 1 --metrics 127.0.0.1:9460
        """;

    private const string Apply = """
        vsan-blockserver apply: makes a configuration so, by difference, and prints the answer as a line of JSON.

        The generation in the file must be larger than the one that is served. A volume's kind is file, device or memory: a file exists and is as
        long as sizeBytes; a device is a path below /dev that nobody else uses, best one of /dev/disk/by-id, with "deviceIdentity" to serve no
        other disk than that one. Exit code: 0 done, 1 refused or partly done, 2 wrong arguments.

          vsan-blockserver apply --control /run/vsan/blockserver.sock configuration.json
        """;

    private const string Inspect = """
        vsan-blockserver inspect: shows rings, portals, volumes with latencies, sessions, and the oldest commands in flight.

          -o, --output FORMAT  table or json; default: table on a terminal, one line of JSON elsewhere
          --watch [SECONDS]    looks again and again, with rates; default 2; ends with Ctrl-C

        Exit code: 0, 1 when the server does not answer, 2 wrong arguments.

          vsan-blockserver inspect --control /run/vsan/blockserver.sock
          vsan-blockserver inspect --control /run/vsan/blockserver.sock --watch 5
          vsan-blockserver inspect --control /run/vsan/blockserver.sock -o json | jq '.inspection.oldestCommands[0]'
        """;

    private const string Metrics = """
        vsan-blockserver metrics: prints the counters in Prometheus' text format 0.0.4.

        Exit code: 0, 1 when the server does not answer, 2 wrong arguments.

          vsan-blockserver metrics --control /run/vsan/blockserver.sock | promtool check metrics
        """;

    private const string Snapshot = """
        vsan-blockserver snapshot: makes snapshots that share one point in time, and prints the answer as a line of JSON.

          VOLUME=PATH  a volume by its id, and the file that its snapshot becomes: on the volume's own filesystem, which needs reflink (XFS)

        Each holds every write that was acknowledged before, and none that was submitted after. There is a whole group, or none; asked again,
        a group that is there stays as it is. A snapshot is served like any other file: read-only, or as a clone that is written.
        Exit code: 0 made, 1 refused or failed, 2 wrong arguments.

          vsan-blockserver snapshot --control /run/vsan/blockserver.sock 6f1c…=/store/snapshots/monday.img
        """;

    private const string Drain = """
        vsan-blockserver drain: has initiators log out before maintenance, drops those that do not, and prints the answer as a line of JSON.

          --target NAME          sessions of this target only
          --portal ADDRESS:PORT  sessions that came in by this portal only; it may be closed already
          --within SECONDS       time to log out, 1 to 600; default 30

        Nobody that is meant can log in meanwhile; afterwards everybody can, so take the path out of the configuration first: remove the portal,
        which leaves its sessions alone, or make its portal group standby. Exit code: 0 nobody is left, 1 refused, 2 wrong arguments.

          vsan-blockserver drain --control /run/vsan/blockserver.sock --portal 192.0.2.1:3260
          vsan-blockserver drain --control /run/vsan/blockserver.sock --target iqn.2026-11.org.example:disk --within 120
        """;

    /// <summary>The page that the arguments ask for; null when they ask for none.</summary>
    internal static string? Asked(IReadOnlyList<string> args)
    {
        if (!args.Any(word => word is "--help" or "-h") && args is not ["help", ..]) return null;
        return args.FirstOrDefault(word => word is "run" or "apply" or "inspect" or "metrics" or "snapshot" or "drain") switch
        {
            "run" => Run,
            "apply" => Apply,
            "inspect" => Inspect,
            "metrics" => Metrics,
            "snapshot" => Snapshot,
            "drain" => Drain,
            _ => Usage,
        };
    }
}
