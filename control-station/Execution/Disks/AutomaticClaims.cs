using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Claims the blank disks that a rule asks for. Takes no input: whenever a unit has described itself it looks at the rules and at all
/// disks, and acts; while automation is frozen it looks again later.
/// </summary>
internal sealed class AutomaticClaims(Ledger ledger, UnitReconcilers reconcilers, UnitPresence presence, OperationEngine engine, TimeProvider time)
{
    private static readonly TimeSpan FrozenPause = TimeSpan.FromSeconds(10);

    /// <summary>Claims until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task enquired = reconcilers.Enquired.Next;
            if (presence.Frozen)
            {
                await Task.Delay(FrozenPause, time, cancellationToken);
                continue;
            }

            foreach (Operation operation in await ClaimAsync(cancellationToken)) engine.Nudge(operation);
            await enquired.WaitAsync(cancellationToken);
        }
    }

    // Most stations have no rule, and a store that is only read costs little at each enquiry.
    private async Task<IReadOnlyList<Operation>> ClaimAsync(CancellationToken cancellationToken)
    {
        if (!await ledger.ReadAsync(transaction => Wanted(transaction).Length > 0, cancellationToken)) return [];
        return await ledger.WriteAsync(
            (transaction, now) => Wanted(transaction).Select(wanted => new DiskClaiming(transaction, now, engine).Claim(wanted.Caller, transaction.Require<Unit>(wanted.Unit.Id, "unit"), wanted.Disk)).ToArray(),
            cancellationToken);
    }

    private (Caller Caller, Unit Unit, DiskInventory Disk)[] Wanted(IStationTransaction transaction)
    {
        IReadOnlyList<ClaimRule> rules = transaction.Table<ClaimRule>().Page(after: null, int.MaxValue);
        if (rules.Count == 0) return [];
        DiskClaiming claims = new(transaction, default, engine);
        return
        [
            .. from unit in transaction.Table<Unit>().Page(after: null, int.MaxValue)
               where unit is { Phase: UnitPhase.Ready, Cordoned: false } && !reconcilers.ProgressOf(unit.Id).IsAhead
               let claimed = claims.Claimed(unit.Id)
               from disk in reconcilers.DisksOf(unit.Id)
               where DiskSelection.Obstacle(unit, disk, claimed.Contains(disk.DiskId)) is null
               let rule = rules.FirstOrDefault(rule => DiskSelection.Matches(DiskSelection.Of(rule), unit, disk))
               where rule is not null
               select (new Caller($"rule {rule.Name}", []), unit, disk),
        ];
    }
}
