using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VSan.Contracts.UnitLink;
using VSan.Interop;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Shares;

/// <summary>
/// Serves shares by rclone (docs/adr/0066), one process for each: it has its own port, its own certificate, its own list of who is let in,
/// and its own directory, which is all that it shows.
/// <code>
///   no folder ──► data/, share.json ──► access, tls ──► the server runs ──► served
///                    access changes: the file is replaced, the server reads it anew and goes on
///                    the server ended, or its port or address changed: it is started again
/// </code>
/// </summary>
/// <remarks>The reconciler calls it, under its gate; what shares take is measured beside it.</remarks>
internal sealed class ShareServer : IShareServer
{
    /// <summary>The kind of service.</summary>
    public const string Kind = "storage.file";

    private const string Engine = "rclone";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartLook = TimeSpan.FromMilliseconds(20);

    /// <summary>Each file of each share is looked at, so not often; an alarm at 80 % of 1 TiB comes in time even at 1 GB/s.</summary>
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(10);

    private static readonly EnumerationOptions WholeTree = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private readonly Guid _unitId;
    private readonly StoreSet _stores;
    private readonly IPAddress _address;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Guid, (ShareFolder Folder, ShareProcess Process)> _served = new();
    private volatile IReadOnlyList<ShareUsage> _usage = [];

    private ShareServer(Guid unitId, StoreSet stores, SharePorts ports, string engine, TimeProvider time)
    {
        (_unitId, _stores, _address, _time) = (unitId, stores, ports.Address, time);
        Offer = new ServiceOffer(Kind, engine, Reason: null, ports.Address.ToString(), ports.First, ports.Count);
    }

    /// <inheritdoc/>
    public ServiceOffer Offer { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ShareUsage> Usage => _usage;

    /// <summary>Looks whether this machine can serve files.</summary>
    public static async Task<IShareServer> FindAsync(Guid unitId, StoreSet stores, SharePorts? ports, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ports is null) return new NoShareServer("this unit serves no files: start its agent with --shares ADDRESS:FIRST-LAST");
        (int exitCode, string output, string error) = await Tool.RunAsync(Engine, ["version"], cancellationToken);
        return exitCode switch
        {
            0 => new ShareServer(unitId, stores, ports, output.Split('\n')[0].Trim(), time),
            Tool.Missing => new NoShareServer("rclone is not installed on this unit: install the package rclone and restart the agent"),
            _ => new NoShareServer($"rclone does not run on this unit: {error}"),
        };
    }

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<ShareFact> Facts, IReadOnlyList<UnitCondition> Conditions)> ApplyAsync(IReadOnlyList<ShareSpec> shares, CancellationToken cancellationToken)
    {
        List<ShareFact> facts = [];
        List<UnitCondition> conditions = [];
        foreach (Guid gone in _served.Keys.Except(shares.Select(share => share.ShareId))) Stop(gone);
        foreach (ShareSpec share in shares)
        {
            try
            {
                facts.Add(new ShareFact(share.ShareId, await ServeAsync(share, cancellationToken)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
            {
                conditions.Add(new UnitCondition("share-failed", $"Share {share.Name}: {failure.Message}") { LegId = share.ShareId });
            }
        }

        return (facts, conditions);
    }

    /// <inheritdoc/>
    public bool HasDied() => _served.Values.Any(served => !served.Process.IsRunning);

    /// <inheritdoc/>
    public bool TryRemove(Guid storeId, Guid shareId)
    {
        if (_stores.Find(storeId) is not { } store) return false;
        ShareFolder folder = new(store, shareId);
        new ShareProcess(folder, Command(folder, port: 0)).Stop();
        _ = _served.TryRemove(shareId, out _);
        if (!IsOurs(folder, shareId)) return true;
        // The files go first: a description without files is seen here again, files without a description never.
        if (Directory.Exists(folder.Data)) Directory.Delete(folder.Data, recursive: true);
        Directory.Delete(folder.Root, recursive: true);
        return true;
    }

    /// <summary>Ends every server. Those of an agent that is killed go on.</summary>
    public void StopAll()
    {
        foreach (Guid shareId in _served.Keys) Stop(shareId);
    }

    /// <summary>Measures what shares take, until cancelled.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(MeasureEvery, _time);
        do
        {
            _usage = [.. _served.Select(served => Measure(served.Key, served.Value.Folder)).OfType<ShareUsage>()];
            foreach ((_, ShareProcess process) in _served.Values) process.TrimLog();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static ShareUsage? Measure(Guid shareId, ShareFolder folder)
    {
        try
        {
            return new ShareUsage(shareId, Directory.EnumerateFiles(folder.Data, "*", WholeTree).Sum(AllocatedBytes));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A file may go while it is looked for.
    private static long AllocatedBytes(string file)
    {
        try
        {
            return FileSystem.AllocatedBytes(file);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<string> ServeAsync(ShareSpec share, CancellationToken cancellationToken)
    {
        Store store = _stores.Find(share.StoreId)
            ?? throw new IOException($"it lies on store {share.StoreId}, which this unit does not have now. Mount it where it was.");
        ShareFolder folder = new(store, share.ShareId);
        Describe(folder, share);
        Admit(folder, share);
        string certificate = ShareCertificate.Ensure(folder, share.ShareId, _address, _time.GetUtcNow());
        ShareProcess process = new(folder, Command(folder, share.Port));
        _served[share.ShareId] = (folder, process);
        if (process.IsRunning) return certificate;
        process.Stop();
        process.Start();
        await ListensAsync(process, share.Port, cancellationToken);
        return certificate;
    }

    private void Describe(ShareFolder folder, ShareSpec share)
    {
        ShareDescription? description = DurableFile.Read(folder.Description, StateJson.Default.ShareDescription);
        if (description is not null)
        {
            if (!IsOurs(folder, share.ShareId)) throw new IOException($"{folder.Root} is described as another unit's or another share. It is not served; move it away.");
            if (!Directory.Exists(folder.Data)) throw new IOException($"{folder.Data} held its files and is gone. Restore it from a copy; it is never made anew empty.");
            return;
        }

        _ = Directory.CreateDirectory(folder.Data);
        if (Directory.EnumerateFileSystemEntries(folder.Data).Any()) throw new IOException($"{folder.Data} has files and no description, so it is not served. Restore share.json above it, or move it away.");
        DurableFile.Write(folder.Description, new ShareDescription(_unitId, share.ShareId, share.Name), StateJson.Default.ShareDescription);
    }

    private bool IsOurs(ShareFolder folder, Guid shareId) =>
        DurableFile.Read(folder.Description, StateJson.Default.ShareDescription) is { } description && description.UnitId == _unitId && description.ShareId == shareId;

    // An empty list lets nobody in; a server without one would let everybody in.
    private static void Admit(ShareFolder folder, ShareSpec share)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(string.Concat(share.Access.Select(access => $"{access.UserName}:{access.PasswordHash}\n")));
        if (File.Exists(folder.Access) && File.ReadAllBytes(folder.Access).AsSpan().SequenceEqual(wanted)) return;
        DurableFile.Write(folder.Access, wanted);
    }

    private string[] Command(ShareFolder folder, int port) =>
    [
        Engine, "serve", "webdav", folder.Data, "--config", "", "--addr", new IPEndPoint(_address, port).ToString(), "--htpasswd", folder.Access, "--realm", "vsan",
        "--cert", folder.Certificate, "--key", folder.Key, "--min-tls-version", "tls1.2", "--vfs-cache-mode", "off", "--dir-cache-time", "1s", "--log-file", folder.Log, "--log-level", "NOTICE",
    ];

    private async Task ListensAsync(ShareProcess process, int port, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < StartPatience)
        {
            await Task.Delay(StartLook, _time, cancellationToken);
            if (await AcceptsAsync(port, cancellationToken))
            {
                if (process.IsRunning) return;
                break;
            }
        }

        string words = process.LastWords();
        process.Stop();
        throw new IOException($"its server does not listen on {new IPEndPoint(_address, port)}: {words}");
    }

    private async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using TcpClient client = new(_address.AddressFamily);
            await client.ConnectAsync(_address, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Stop(Guid shareId)
    {
        if (_served.TryRemove(shareId, out (ShareFolder Folder, ShareProcess Process) served)) served.Process.Stop();
    }
}
