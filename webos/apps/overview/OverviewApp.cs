using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Overview;

/// <summary>The pool at a glance; renews itself, as its numbers move.</summary>
internal sealed class OverviewApp(StationServices services, TimeProvider time)
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);

    /// <summary>GET /app/overview.</summary>
    public async Task ShowAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Pool pool = await services.Pool.GetAsync(caller, cancellationToken);
        UnitPage units = await services.Units.ListAsync(caller, new ListQuery(), cancellationToken);
        OperationPage operations = await services.Operations.ListAsync(caller, new ListQuery(), cancellationToken);
        OverviewModel model = new(
            pool, UnitOrder.ByName(units.Items), [.. operations.Items.Where(operation => operation.EndedAt is null)],
            FirstUnitModel.Of(context, services), time.GetUtcNow());
        await PageResponse.SendAsync(context,
            new Page("Overview", caller.Name, App.Overview, new AspNetCoreGeneratedDocument.apps_overview_Overview { Model = model }) { Refresh = s_refresh });
    }
}
