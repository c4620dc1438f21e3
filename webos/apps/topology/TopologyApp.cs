using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Topology;

/// <summary>What lies where, and who reaches it.</summary>
internal sealed class TopologyApp(StationServices services)
{
    private static readonly ListQuery s_all = new(Limit: 500);

    /// <summary>Maps its address.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/app/topology", Gate.SignedIn(ShowAsync));

    private async Task ShowAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Pool pool = await services.Pool.GetAsync(caller, cancellationToken);
        UnitPage units = await services.Units.ListAsync(caller, s_all, cancellationToken);
        VolumePage volumes = await services.Volumes.ListAsync(caller, s_all, cancellationToken);
        HostPage hosts = await services.Hosts.ListAsync(caller, s_all, cancellationToken);
        bool more = units.NextCursor is not null || volumes.NextCursor is not null || hosts.NextCursor is not null;
        await AppPage.SendAsync(context, caller, App.Topology, "Topology", TopologyPages.Trees(pool, UnitOrder.ByName(units.Items), volumes.Items, hosts.Items, more));
    }
}
