using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VSan.Tests.Bench;

/// <summary>Debian's tgtd with one file in memory (page cache of tmpfs) and one file on disk (O_DIRECT, aio), tuned as far as it can be.</summary>
internal sealed class TgtTarget : IDisposable
{
    private const string NamePrefix = "iqn.2026-11.io.vsan-appliance:tgt.";

    // Big segments and no R2T for the first burst: what a careful administrator sets. Its defaults would only lose.
    private static readonly string[] Tuning =
    [
        "MaxRecvDataSegmentLength=262144", "MaxXmitDataSegmentLength=262144", "FirstBurstLength=262144", "MaxBurstLength=1048576", "InitialR2T=No",
        "HeaderDigest=None,CRC32C", "DataDigest=None,CRC32C",
    ];

    private readonly BenchProcess _daemon;
    private readonly string _controlPort;
    private readonly int _port;

    /// <summary>Starts tgtd and defines both targets.</summary>
    public TgtTarget(string memoryPath, string filePath)
    {
        _port = FreePort();
        _controlPort = (_port % 30000).ToString(CultureInfo.InvariantCulture);
        _daemon = BenchProcess.Start("tgtd", "-f", "-C", _controlPort, "--iscsi", $"portal=127.0.0.1:{_port}");
        WaitUntilItAnswers();
        Define("1", "memory", memoryPath, "--bstype", "rdwr");
        Define("2", "file", filePath, "--bstype", "aio");
    }

    /// <summary>Process id, for CPU time.</summary>
    public int ProcessId => _daemon.Id;

    /// <summary>The logical unit on tmpfs.</summary>
    public TargetAddress Memory => TargetAddress.Parse($"iscsi://127.0.0.1:{_port}/{NamePrefix}memory/1");

    /// <summary>The logical unit on disk.</summary>
    public TargetAddress File => TargetAddress.Parse($"iscsi://127.0.0.1:{_port}/{NamePrefix}file/1");

    public void Dispose() => _daemon.Dispose();

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilItAnswers()
    {
        using ManualResetEventSlim never = new();
        for (int attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                Administer("--mode", "system", "--op", "show");
                return;
            }
            catch (InvalidOperationException) when (!_daemon.HasExited)
            {
                never.Wait(50);
            }
        }

        throw new InvalidOperationException("tgtd does not answer.");
    }

    private void Define(string id, string name, string path, params string[] store)
    {
        Administer("--mode", "target", "--op", "new", "--tid", id, "--targetname", NamePrefix + name);
        Administer("--mode", "target", "--op", "bind", "--tid", id, "--initiator-address", "ALL");
        Administer(["--mode", "logicalunit", "--op", "new", "--tid", id, "--lun", "1", "--backing-store", path, .. store]);
        foreach (string[] pair in Tuning.Select(setting => setting.Split('=')))
        {
            Administer("--mode", "target", "--op", "update", "--tid", id, "--name", pair[0], "--value", pair[1]);
        }
    }

    private void Administer(params string[] arguments) => BenchProcess.Run("tgtadm", ["-C", _controlPort, "--lld", "iscsi", .. arguments]);
}
