using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Monitor;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Overview;

/// <summary>The pool at a glance; renews itself, as its numbers move.</summary>
internal sealed class OverviewApp(StationServices services, TimeProvider time)
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);
    private static readonly MonitorRange s_lately = MonitorRange.All[0];
    private static readonly MonitorRange s_today = MonitorRange.All[^1];

    /// <summary>GET /app/overview.</summary>
    public async Task ShowAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Pool pool = await services.Pool.GetAsync(caller, cancellationToken);
        UnitPage units = await services.Units.ListAsync(caller, new ListQuery(), cancellationToken);
        OperationPage operations = await services.Operations.ListAsync(caller, new ListQuery(), cancellationToken);
        AlarmPage alarms = await services.Alarms.ListAsync(caller, new ListQuery(), cancellationToken);
        ActivityHistory lately = await services.Metrics.HistoryAsync(caller, MonitorPages.PoolSubject, s_lately.Length, cancellationToken);
        ActivityHistory today = await services.Metrics.HistoryAsync(caller, MonitorPages.PoolSubject, s_today.Length, cancellationToken);
        OverviewModel model = new(
            pool, UnitOrder.ByName(units.Items), operations.Items, alarms.Items,
            lately.Points.Count == 0 ? null : new Charts([.. MonitorPages.ChartsOf(lately, s_lately, time.GetUtcNow()).Where(chart => chart.Id != MonitorPages.CapacityId)]),
            SpaceGrowth.Of(today, pool.FreeBytes), FirstUnitModel.Of(context, services));
        await PageResponse.SendAsync(context,
            new Page("Overview", caller.Name, App.Overview, new AspNetCoreGeneratedDocument.apps_overview_Overview { Model = model }) { Refresh = s_refresh });
    }
}
