using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>What is done with one snapshot.</summary>
internal sealed class SnapshotsApp(StationServices services)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/snapshots/{id}/clone", Gate.SignedIn((context, caller) => ShowCloneAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/snapshots/{id}/clone", Gate.SignedIn(CloneAsync));
        routes.MapGet("/app/snapshots/{id}/delete", Gate.SignedIn((context, caller) => ShowDeleteAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/snapshots/{id}/delete", Gate.SignedIn(DeleteAsync));
    }

    private async Task ShowCloneAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Snapshot snapshot = await services.Snapshots.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        HostPage hosts = await services.Hosts.ListAsync(caller, new ListQuery(Limit: 500), context.RequestAborted);
        await AppPage.SendAsync(
            context, caller, App.Volumes, $"Clone {snapshot.Name}",
            [new Paragraph($"The new volume begins as {snapshot.VolumeName} was in snapshot {snapshot.Name}, and shares what neither changes."), VolumeForms.Clone(snapshot, hosts.Items).After(outcome)], outcome);
    }

    private Task CloneAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, "clone", values => new SnapshotClone(values.Text("name"), values.Choice("host", "/hostId")),
        async (request, values) => TasksApp.PathOf((await services.Snapshots.CloneAsync(caller, ListRequest.Id(context), request, values.Key, context.RequestAborted)).Operation.Id),
        outcome => ShowCloneAsync(context, caller, outcome));

    private async Task ShowDeleteAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Snapshot snapshot = await services.Snapshots.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Delete snapshot", [VolumePages.DeleteSnapshot(snapshot).After(outcome)], outcome);
    }

    private async Task DeleteAsync(HttpContext context, Caller caller)
    {
        Snapshot snapshot = await services.Snapshots.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, snapshot.Name,
            async () => TasksApp.PathOf((await services.Snapshots.DeleteAsync(caller, snapshot.Id, context.RequestAborted)).Id),
            outcome => ShowDeleteAsync(context, caller, outcome));
    }
}
