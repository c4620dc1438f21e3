using VSan.Contracts.Api;
using VSan.Station.Domain;
using Host = VSan.Station.Domain.Host;
using Leg = VSan.Station.Domain.Leg;
using Mapping = VSan.Station.Domain.Mapping;
using MappingState = VSan.Station.Domain.MappingState;
using Operation = VSan.Station.Domain.Operation;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Station.Domain.Volume;
using VolumeState = VSan.Station.Domain.VolumeState;

namespace VSan.Station.Execution;

/// <summary>
/// Replaces legs of mirrors while their host writes: nobody but the host knows which copies are current, so its agent takes the new leg in,
/// brings it up to date, and lets the old one go (docs/adr/0089).
/// </summary>
internal sealed class LegReplacing(OperationEngine engine, LegPlaces places, ISecretProtector protector)
{
    /// <summary>Why a leg of a mapped volume cannot be replaced now; null when it can.</summary>
    public static ProblemException? Hindrance(IStationTransaction transaction, Volume volume, IReadOnlyList<Mapping> mappings)
    {
        if (volume.State != VolumeState.Ready) return new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        Host[] hosts = [.. mappings.Select(mapping => transaction.Require<Host>(mapping.HostId, "host"))];
        string mapped = $"{volume.Name} is mapped to {string.Join(", ", hosts.Select(host => host.Name))}";
        if (volume.Layout.Kind != LayoutKind.Mirror)
            return new ProblemException("leg-in-use", $"{mapped}, which may write to it while it is copied.", "Unmap it from its hosts first, and map it again when it was moved.");
        if (mappings is not [{ ReadOnly: false, State: MappingState.Active } mapping])
            return new ProblemException("leg-in-use", $"{mapped}; a leg is replaced by the agent of one host that may write.", "Unmap it from its hosts first, and map it again when it was moved.");
        if (HostReports.Of(transaction, mapping.HostId, volume.Id) is not { } report || report.Legs.All(leg => leg.Naa is null))
            return new ProblemException("leg-in-use", $"{mapped}, and no agent there has told of it: nobody can bring a new leg up to date.", $"Run 'vsan-host' of this release on {hosts[0].Name}, or unmap the volume first and map it again when it was moved.");
        if (report.State is HostVolumeState.NeedsOperator or HostVolumeState.Waiting)
            return new ProblemException("leg-in-use", $"{mapped}, which does not have it in use: {report.Message}", report.NextAction ?? $"'vsan-host status' on {hosts[0].Name} shows what it waits for.");
        if (transaction.Table<Domain.Snapshot>().CountWhere(Lookups.SnapshotVolume, volume.Id.ToString()) > 0)
            return new ProblemException("volume-has-snapshots", $"{volume.Name} has snapshots, which lie beside it and would be left behind.", "Remove its snapshots first; what is to be kept is cloned before.");
        return OperationQueue.All(transaction).Any(operation => operation.SubjectId == volume.Id)
            ? new ProblemException("volume-busy", $"Another operation is at work on {volume.Name}.", "Await or cancel it.")
            : null;
    }

    /// <summary>Reserves the new leg and starts the operation, inside a transaction in which nothing hinders it.</summary>
    public Operation Begin(IStationTransaction transaction, DateTimeOffset now, Caller caller, Volume volume, Leg outgoing, Mapping mapping, Guid? toUnitId)
    {
        LegMoves.RequireNone(transaction, volume);
        PlacementCandidate place = places.Require(transaction, volume, outgoing, toUnitId);
        engine.RequireInStep(transaction, place.Unit.Id);
        Leg incoming = new(transaction.NewId(now), volume.Id, place.Unit.Id, place.Store.Id, outgoing.Index, outgoing.Role, outgoing.SizeBytes);
        transaction.ReserveLeg(place.Store, incoming);
        LegReplacement replacement = transaction.Table<LegReplacement>().Insert(new LegReplacement(incoming.Id, volume.Id, outgoing.Id, LegReplacementState.Joining));
        MappingPlan.AddLeg(transaction, now, mapping, incoming, transaction.Require<Host>(mapping.HostId, "host"), protector);
        return engine.Start(transaction, now, caller, VolumeRecipes.Replace(volume, replacement, transaction.Require<Unit>(outgoing.UnitId, "unit"), place.Unit));
    }
}
