using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.BlockServer;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Everything of a unit agent but enrolment and link, on a directory and a control socket; disposing and making it again is a restart.</summary>
internal sealed class UnitUnderTest : IDisposable
{
    public const string Portal = "127.0.0.1:3260";

    private readonly StateDirectory _state;

    public UnitUnderTest(string root, Guid unitId, long? storeLimitBytes = null, string? secondStore = null)
    {
        UnitId = unitId;
        _state = StateDirectory.Take(Path.Combine(root, "state"));
        Stores = StoreSet.Open([Path.Combine(root, "store"), .. secondStore is null ? [] : new[] { secondStore }], unitId, storeLimitBytes, _state);
        Store = Stores.All.First();
        Disks = new DiskClaims(new DiskScanner([]), Stores, Path.Combine(root, "disks"));
        ConfigurationStore accepted = new(LocalFiles.Instance, _state.Path);
        Legs = new LegFindings(unitId, Stores, LocalFiles.Instance, accepted);
        Reconciler = new Reconciler(
            unitId,
            accepted,
            Stores,
            LocalFiles.Instance,
            new BlockServerClient(SocketPath(root)),
            [Portal],
            TimeProvider.System,
            NullLogger<Reconciler>.Instance,
            Disks);
    }

    public Guid UnitId { get; }

    public StoreSet Stores { get; }

    public Store Store { get; }

    public DiskClaims Disks { get; }

    public LegFindings Legs { get; }

    public Reconciler Reconciler { get; }

    public static string SocketPath(string root) => Path.Combine(root, "control");

    public async Task<ConfigurationStatus> PushAsync(long generation, params LegSpec[] legs) =>
        (await Reconciler.PushAsync(Documents.Push(UnitId, generation, legs), CancellationToken.None)).Status;

    public void Dispose()
    {
        Reconciler.Dispose();
        _state.Dispose();
    }
}
