using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Monitor;

/// <summary>What hosts do to the pool, a unit or a volume, over time. Renews itself with each step.</summary>
internal sealed class MonitorApp(StationServices services, TimeProvider time)
{
    private const int BusiestShown = 20;

    private static readonly TimeSpan s_refreshMax = TimeSpan.FromSeconds(30);

    /// <summary>Maps its address.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(App.Monitor.Path, Gate.SignedIn(ShowAsync));

    private async Task ShowAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        string subject = ListRequest.Text(context.Request, "subject") ?? MonitorPages.PoolSubject;
        MonitorRange range = MonitorRange.Of(ListRequest.Text(context.Request, "range"));
        ActivityHistory history = await services.Metrics.HistoryAsync(caller, subject, range.Length, cancellationToken);
        List<Part> parts = [.. MonitorPages.Of(history, range, time.GetUtcNow())];
        if (subject == MonitorPages.PoolSubject)
        {
            UnitPage units = await services.Units.ListAsync(caller, new ListQuery(), cancellationToken);
            BusyVolumePage volumes = await services.Metrics.BusiestAsync(caller, BusiestShown, cancellationToken);
            parts.AddRange(MonitorPages.Choices(UnitOrder.ByName(units.Items), volumes.Items, range));
        }

        string title = subject == MonitorPages.PoolSubject ? App.Monitor.Name : $"{App.Monitor.Name} of {history.Name}";
        TimeSpan step = TimeSpan.FromSeconds(history.StepSeconds);
        await PageResponse.SendAsync(context, AppPage.Of(caller.Name, App.Monitor, title, parts, Outcome.None) with { Refresh = step < s_refreshMax ? step : s_refreshMax });
    }
}
