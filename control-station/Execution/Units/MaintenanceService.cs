using VSan.Contracts.Api;
using VSan.Station.Domain;
using Maintenance = VSan.Station.Domain.Maintenance;
using Operation = VSan.Station.Domain.Operation;
using Share = VSan.Station.Domain.Share;
using ShareBinding = VSan.Station.Domain.ShareBinding;
using StopEffect = VSan.Station.Domain.StopEffect;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Station.Domain.Volume;

namespace VSan.Station.Execution;

/// <summary>Whether a unit may be stopped, and the switch that says that it is.</summary>
public sealed class MaintenanceService
{
    private const int ReasonLengthMax = 200;
    private const int NamesShown = 5;

    private readonly Ledger _ledger;
    private readonly UnitPresence _presence;

    internal MaintenanceService(Ledger ledger, UnitPresence presence)
    {
        _ledger = ledger;
        _presence = presence;
    }

    /// <summary>What stopping the unit now would do.</summary>
    public Task<SafeToStop> SafeToStopAsync(Caller caller, Guid unitId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "unit.read", $"unit/{unitId}", transaction => Look(transaction, transaction.Require<Unit>(unitId, "unit")), cancellationToken);
    }

    /// <summary>Begins or ends maintenance. Beginning is refused while it is not safe to stop the unit, unless forced.</summary>
    public Task<SafeToStop> SetAsync(Caller caller, Guid unitId, MaintenanceSet request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Reason is { Length: > ReasonLengthMax }) throw ProblemException.Field("/reason", $"must be at most {ReasonLengthMax} characters.");
        return _ledger.MutateAsync(
            caller,
            "unit.maintenance",
            $"unit/{unitId}",
            (transaction, now) =>
            {
                Unit unit = transaction.Require<Unit>(unitId, "unit");
                if (request.On) Begin(transaction, now, caller, unit, request);
                else End(transaction, now, unit);
                return Look(transaction, unit);
            },
            cancellationToken);
    }

    private void Begin(IStationTransaction transaction, DateTimeOffset now, Caller caller, Unit unit, MaintenanceSet request)
    {
        SafeToStop found = Look(transaction, unit);
        if (!found.Safe && request.Force != true) throw new ProblemException("not-safe-to-stop", found.Answer, "Unmap or move what would be lost, await what is at work, or force it and say why.");
        ITable<Maintenance> all = transaction.Table<Maintenance>();
        if (all.Find(unit.Id) is not null) return;
        all.Insert(new Maintenance(unit.Id, now, caller.Name, request.Reason ?? string.Empty));
        transaction.AppendEvent(now, "unit.maintenance-begun", $"unit/{unit.Id}", $"{caller.Name} took {unit.Name} into maintenance{(request.Reason is { Length: > 0 } reason ? $": {reason}" : string.Empty)}.");
    }

    private static void End(IStationTransaction transaction, DateTimeOffset now, Unit unit)
    {
        if (transaction.Table<Maintenance>().Find(unit.Id) is null) return;
        transaction.Table<Maintenance>().Delete(unit.Id);
        transaction.AppendEvent(now, "unit.maintenance-ended", $"unit/{unit.Id}", $"{unit.Name} is back from maintenance.");
    }

    /// <summary>What stopping the unit now would do.</summary>
    /// <param name="transaction">The store.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="apart">The operation that asks, which is at work on the unit itself; null for none.</param>
    internal SafeToStop Look(IStationTransaction transaction, Unit unit, Guid? apart = null)
    {
        StoppedVolume[] volumes =
        [
            .. transaction.Table<Domain.Leg>().Where(Lookups.LegUnit, unit.Id.ToString()).Select(leg => leg.VolumeId).Distinct()
                .Select(id => transaction.Require<Volume>(id, "volume"))
                .Select(volume => Stopped(transaction, unit, volume))
                .OrderBy(volume => volume.Effect).ThenBy(volume => volume.Name, StringComparer.Ordinal),
        ];
        StoppedShare[] shares = [.. transaction.Table<Share>().Where(Lookups.ShareUnit, unit.Id.ToString()).Select(share => Stopped(transaction, share)).OrderBy(share => share.Effect).ThenBy(share => share.Name, StringComparer.Ordinal)];
        Operation[] operations = [.. Unfinished(transaction).Where(operation => operation.Id != apart && Concerns(operation, unit))];
        Maintenance? maintenance = transaction.Table<Maintenance>().Find(unit.Id);
        string[] lost =
        [
            .. volumes.Where(volume => volume.Effect == Contracts.Api.StopEffect.Lost).Select(volume => volume.Name),
            .. shares.Where(share => share.Effect == Contracts.Api.StopEffect.Lost).Select(share => $"share {share.Name}"),
        ];
        return new SafeToStop(
            unit.Id, unit.Name, operations.Length == 0 && lost.Length == 0, Sentence(unit, lost, volumes, operations), volumes, [.. operations.Select(OperationViews.Of)],
            maintenance is null ? null : new Contracts.Api.Maintenance(maintenance.Since, maintenance.By, maintenance.Reason))
        {
            Shares = shares,
        };
    }

    private StoppedVolume Stopped(IStationTransaction transaction, Unit unit, Volume volume)
    {
        string key = volume.Id.ToString();
        int others = transaction.LegsOf(volume.Id).Count(leg => leg.UnitId != unit.Id && _presence.Of(leg.UnitId) == Presence.Present);
        string[] hosts = [.. transaction.Table<Domain.Mapping>().Where(Lookups.MappingVolume, key).Select(mapping => transaction.Require<Domain.Host>(mapping.HostId, "host").Name)];
        return new StoppedVolume(volume.Id, volume.Name, View(StopRule.Of(volume.Layout.Kind == LayoutKind.Mirror, others, hosts.Length > 0)), hosts);
    }

    private static StoppedShare Stopped(IStationTransaction transaction, Share share)
    {
        string[] holders = [.. transaction.Table<ShareBinding>().Where(Lookups.ShareBindingShare, share.Id.ToString()).Select(binding => binding.Holder)];
        return new StoppedShare(share.Id, share.Name, View(StopRule.Of(isMirror: false, otherCopies: 0, isMapped: holders.Length > 0)), holders);
    }

    private static bool Concerns(Operation operation, Unit unit) =>
        operation.Locks.Any(held => LockPath.UnitOf(held.Path) == unit.Id);

    private static IEnumerable<Operation> Unfinished(IStationTransaction transaction) =>
        Enum.GetValues<Domain.OperationState>()
            .Where(state => state is not (Domain.OperationState.Succeeded or Domain.OperationState.Failed or Domain.OperationState.Cancelled))
            .SelectMany(state => transaction.Table<Operation>().Where(Lookups.OperationState, state.ToString()));

    private static string Sentence(Unit unit, string[] lost, StoppedVolume[] volumes, Operation[] operations)
    {
        if (lost.Length > 0) return $"Not safe: hosts would lose the last copy of {Join(lost)}.";
        if (operations.Length > 0) return $"Not now: {Join([.. operations.Select(operation => operation.Title)])} is at work on {unit.Name}.";
        int degraded = volumes.Count(volume => volume.Effect == Contracts.Api.StopEffect.Degraded);
        return degraded > 0 ? $"Safe: {degraded} volumes go on with one copy fewer." : $"Safe: no host uses anything on {unit.Name}.";
    }

    private static string Join(string[] names) => names.Length <= NamesShown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(NamesShown))} and {names.Length - NamesShown} more";

    private static Contracts.Api.StopEffect View(StopEffect effect) => effect switch
    {
        StopEffect.Lost => Contracts.Api.StopEffect.Lost,
        StopEffect.Degraded => Contracts.Api.StopEffect.Degraded,
        StopEffect.Unmapped => Contracts.Api.StopEffect.Unmapped,
    };
}
