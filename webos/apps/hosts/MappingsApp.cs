using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Volumes;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Hosts;

/// <summary>The use of one volume by one host.</summary>
internal sealed class MappingsApp(StationServices services)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/mappings/{id}/connect", Gate.SignedIn(ConnectAsync));
        routes.MapGet("/app/mappings/{id}/delete", Gate.SignedIn((context, caller) => ShowDeleteAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/mappings/{id}/delete", Gate.SignedIn(DeleteAsync));
    }

    private async Task ConnectAsync(HttpContext context, Caller caller)
    {
        Mapping mapping = await services.Mappings.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        ConnectInfo info = await services.Mappings.ConnectInfoAsync(caller, mapping.Id, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Hosts, $"{mapping.VolumeName} on {mapping.HostName}", HostPages.Connect(mapping, info));
    }

    private async Task ShowDeleteAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Mapping mapping = await services.Mappings.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Take a volume away", [VolumePages.Unmap(mapping).After(outcome)], outcome);
    }

    private async Task DeleteAsync(HttpContext context, Caller caller)
    {
        Mapping mapping = await services.Mappings.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, mapping.HostName,
            async () => TasksApp.PathOf((await services.Mappings.DeleteAsync(caller, mapping.Id, context.RequestAborted)).Id),
            outcome => ShowDeleteAsync(context, caller, outcome));
    }
}
