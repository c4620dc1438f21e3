using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Alarms: looks.</summary>
public sealed class AlarmService
{
    private readonly Ledger _ledger;

    internal AlarmService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of the alarms that are raised.</summary>
    public Task<AlarmPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Alarm> items, string? next) = transaction.List<Domain.Alarm, Alarm>(caller, "alarm.read", query, null, View);
                return new AlarmPage(items, next);
            },
            cancellationToken);
    }

    private static Alarm View(Domain.Alarm alarm) => new(
        alarm.Id,
        alarm.Kind,
        alarm.Subject,
        alarm.Severity switch
        {
            Domain.AlarmSeverity.Notice => AlarmSeverity.Notice,
            Domain.AlarmSeverity.Warning => AlarmSeverity.Warning,
            Domain.AlarmSeverity.Critical => AlarmSeverity.Critical,
        },
        alarm.Message,
        alarm.RaisedAt);
}
