using VSan.Contracts.BlockServer;
using VSan.UnitAgent.BlockServer;

namespace VSan.Tests.Simulation.World;

/// <summary>
/// The block server of one unit: applies a configuration when each volume's file is there, keeps a durable copy for its next start, and
/// serves hosts by it, whoever else is down.
/// </summary>
internal sealed class SimBlockServer(SimFiles files) : IBlockServer
{
    private BlockServerConfiguration? _served;

    /// <summary>False while the process is down.</summary>
    public bool Running { get; set; } = true;

    /// <summary>How long an answer takes; asked anew each time.</summary>
    public Func<Task> Answering { get; set; } = () => Task.CompletedTask;

    /// <summary>What hosts are served; null before the first configuration.</summary>
    public BlockServerConfiguration? Served => Running ? _served : null;

    /// <summary>Told of each configuration that is served from now on.</summary>
    public Action<BlockServerConfiguration> OnApplied { get; set; } = _ => { };

    public Task<ControlAnswer> AskAsync(ControlRequest request, TimeSpan within, CancellationToken cancellationToken) => AskAsync(request, cancellationToken);

    public async Task<ControlAnswer> AskAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        await Answering();
        if (!Running) throw new IOException("The block server cannot be reached.");
        return request.Verb switch
        {
            ControlVerb.Apply => Apply(request.Configuration!),
            ControlVerb.Snapshot => Copy(request.Snapshots!),
            _ => new ControlAnswer(_served?.Generation ?? 0, null, new BlockServerInspection([], [], [], [])),
        };
    }

    public void Dispose()
    {
    }

    /// <summary>A host reads what was written last.</summary>
    /// <returns>False when the host sees no such logical unit.</returns>
    public bool TryRead(string initiator, int lun, out Guid volumeId, out string? written)
    {
        (volumeId, written) = (Guid.Empty, null);
        if (Find(initiator, lun) is not { } volume || files.Find(volume.Path!) is not { } file) return false;
        (volumeId, written) = (volume.Id, file.Written);
        return true;
    }

    /// <summary>A host writes; the write is durable when this returns.</summary>
    public bool TryWrite(string initiator, int lun, string what)
    {
        if (Find(initiator, lun) is not { } volume || files.Find(volume.Path!) is not { } file) return false;
        file.Written = what;
        return true;
    }

    private VolumeConfiguration? Find(string initiator, int lun)
    {
        AccessConfiguration? access = Served?.Targets.SelectMany(target => target.Access).FirstOrDefault(one => one.InitiatorName == initiator);
        LogicalUnitConfiguration? unit = access?.LogicalUnits.FirstOrDefault(one => one.Lun == lun);
        return unit is null ? null : Served!.Volumes.FirstOrDefault(volume => volume.Id == unit.VolumeId);
    }

    // A copy that was made before is left as it is; a new one is durable when the answer goes out.
    private ControlAnswer Copy(IReadOnlyList<SnapshotRequest> snapshots)
    {
        foreach (SnapshotRequest snapshot in snapshots.Where(snapshot => !files.Exists(snapshot.Path)))
        {
            if (Served?.Volumes.FirstOrDefault(volume => volume.Id == snapshot.VolumeId) is not { } source || !files.TryCopy(source.Path!, snapshot.Path))
                return new ControlAnswer(_served?.Generation ?? 0, $"{snapshot.VolumeId} is not served.", null);
        }

        return new ControlAnswer(_served?.Generation ?? 0, null, null);
    }

    private ControlAnswer Apply(BlockServerConfiguration next)
    {
        if (_served is { } present && next.Generation < present.Generation)
            return new ControlAnswer(present.Generation, $"Generation {next.Generation} is older than {present.Generation}.", null);
        if (next.Volumes.FirstOrDefault(volume => files.Find(volume.Path!) is not { } file || file.LengthBytes < volume.SizeBytes) is { } missing)
            return new ControlAnswer(_served?.Generation ?? 0, $"{missing.Path} cannot be opened.", null);
        _served = next;
        OnApplied(next);
        return new ControlAnswer(next.Generation, null, null);
    }
}
