using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>The volumes, all that is done with one, and the trash.</summary>
internal sealed class VolumesApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/volumes", Gate.SignedIn(ShowAsync));
        routes.MapPost("/app/volumes", Gate.SignedIn(CreateAsync));
        routes.MapPost(SelectedVolumes.Path, Gate.SignedIn(TrashSelectedAsync));
        routes.MapGet("/app/volumes/trash", Gate.SignedIn((context, caller) => ShowTrashAsync(context, caller, Outcome.None)));
        routes.MapGet("/app/volumes/trash/empty", Gate.SignedIn(ConfirmEmptyAsync));
        routes.MapPost("/app/volumes/trash/empty", Gate.SignedIn(EmptyAsync));
        routes.MapGet("/app/volumes/{id}", Gate.SignedIn((context, caller) => ShowOneAsync(context, caller, ListRequest.Id(context), Outcome.None)));
        routes.MapPost("/app/volumes/{id}/delete", Gate.SignedIn(TrashAsync));
        routes.MapPost("/app/volumes/{id}/restore", Gate.SignedIn(RestoreAsync));
        routes.MapGet("/app/volumes/{id}/purge", Gate.SignedIn((context, caller) => ShowPurgeAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/volumes/{id}/purge", Gate.SignedIn(PurgeAsync));
        routes.MapPost("/app/volumes/{id}/expand", Gate.SignedIn(ExpandAsync));
        routes.MapPost("/app/volumes/{id}/limits", Gate.SignedIn(LimitAsync));
        routes.MapPost("/app/volumes/{id}/snapshots", Gate.SignedIn(SnapshotAsync));
        routes.MapPost("/app/volumes/{id}/mappings", Gate.SignedIn(MapAsync));
    }

    private async Task ShowAsync(HttpContext context, Caller caller)
    {
        Volume? trashed = Guid.TryParse(context.Request.Query["trashed"], out Guid id)
            ? (await services.Trash.ListAsync(caller, context.RequestAborted)).Items.FirstOrDefault(volume => volume.Id == id)
            : null;
        Outcome outcome = trashed is not null && caller.May("volume.restore") ? new Outcome(Said: VolumePages.Trashed(trashed)) : Outcome.None;
        await ShowListAsync(context, caller, outcome, explanation: null);
    }

    /// <summary>The form's key makes one volume of a double click.</summary>
    private Task CreateAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, VolumeForms.NewId, VolumeForms.ReadNew,
        async (request, values) =>
        {
            if (!values.IsTrial) return TasksApp.PathOf((await services.Volumes.CreateAsync(caller, request, values.Key, context.RequestAborted)).Operation.Id);
            PlacementExplanation explanation = await services.Placements.ExplainAsync(caller, request, context.RequestAborted);
            await ShowListAsync(context, caller, new Outcome(FormId: VolumeForms.NewId, Values: values), explanation);
            return null;
        },
        outcome => ShowListAsync(context, caller, outcome, explanation: null));

    private Task TrashAsync(HttpContext context, Caller caller)
    {
        Guid id = ListRequest.Id(context);
        return AppPage.PressAsync(
            context,
            async () => $"/app/volumes?trashed={(await services.Trash.PutAsync(caller, id, delay: null, context.RequestAborted)).Id}",
            outcome => ShowOneAsync(context, caller, id, outcome));
    }

    private Task TrashSelectedAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, SelectedVolumes.FormId, SelectedVolumes.Read,
        async (selected, _) =>
        {
            IReadOnlyList<Volume> volumes = await selected.FindAsync(services, caller, context.RequestAborted);
            if (selected.Sure) await ShowListAsync(context, caller, new Outcome(Said: await SelectedVolumes.TrashAsync(services, caller, volumes, context.RequestAborted)), explanation: null);
            else await AppPage.SendAsync(context, caller, App.Volumes, "Move to the trash", [selected.Ask(volumes, time.GetUtcNow())]);
            return null;
        },
        outcome => ShowListAsync(context, caller, outcome, explanation: null));

    private Task RestoreAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () => VolumePages.PathOf((await services.Trash.RestoreAsync(caller, ListRequest.Id(context), context.RequestAborted)).Id),
        outcome => ShowTrashAsync(context, caller, outcome));

    private async Task ShowTrashAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        VolumePage trash = await services.Trash.ListAsync(caller, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Trash", VolumePages.Trash(trash.Items, caller, time.GetUtcNow()), outcome);
    }

    private async Task ConfirmEmptyAsync(HttpContext context, Caller caller)
    {
        VolumePage trash = await services.Trash.ListAsync(caller, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Empty the trash", [VolumePages.EmptyTrash(trash.Items)]);
    }

    private Task EmptyAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            await services.Trash.EmptyAsync(caller, context.RequestAborted);
            return App.Tasks.Path;
        },
        outcome => ShowTrashAsync(context, caller, outcome));

    private async Task ShowPurgeAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Volume volume = await services.Volumes.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Delete volume", [VolumePages.Purge(volume).After(outcome)], outcome);
    }

    private async Task PurgeAsync(HttpContext context, Caller caller)
    {
        Volume volume = await services.Volumes.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, volume.Name,
            async () => TasksApp.PathOf((await services.Volumes.DeleteAsync(caller, volume.Id, context.RequestAborted)).Id),
            outcome => ShowPurgeAsync(context, caller, outcome));
    }

    private Task ExpandAsync(HttpContext context, Caller caller) => SubmitAsync(
        context, caller, VolumeForms.ExpandId, values => new VolumeExpand(values.Size("size", "/sizeBytes")),
        async (id, request, _) => TasksApp.PathOf((await services.Volumes.ExpandAsync(caller, id, request, context.RequestAborted)).Id));

    private Task LimitAsync(HttpContext context, Caller caller) => SubmitAsync(
        context, caller, VolumeForms.LimitsId, VolumeForms.ReadLimits,
        async (id, request, _) => VolumePages.PathOf((await services.Volumes.ChangeAsync(caller, id, request, context.RequestAborted)).Id));

    private Task SnapshotAsync(HttpContext context, Caller caller) => SubmitAsync(
        context, caller, VolumeForms.SnapshotId, values => values.Text("name"),
        async (id, name, values) =>
        {
            await services.Snapshots.CreateAsync(caller, new SnapshotGroupCreate(name, [id]), values.Key, context.RequestAborted);
            return $"{VolumePages.PathOf(id)}#snapshots";
        });

    private Task MapAsync(HttpContext context, Caller caller) => SubmitAsync(
        context, caller, VolumeForms.MapId, values => (Host: values.Choice("host", "/hostId") ?? values.Unreadable<Guid>("/hostId", "Choose a host."), ReadOnly: values.Ticked("read-only")),
        async (id, wanted, values) =>
        {
            await services.Mappings.CreateAsync(caller, new MappingCreate(id, wanted.Host, wanted.ReadOnly), values.Key, context.RequestAborted);
            return $"{VolumePages.PathOf(id)}#access";
        });

    private Task SubmitAsync<T>(HttpContext context, Caller caller, string formId, Func<FormValues, T> read, Func<Guid, T, FormValues, Task<string?>> act)
    {
        Guid id = ListRequest.Id(context);
        return AppPage.SubmitAsync(context, formId, read, (request, values) => act(id, request, values), outcome => ShowOneAsync(context, caller, id, outcome));
    }

    private async Task ShowOneAsync(HttpContext context, Caller caller, Guid id, Outcome outcome)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Volume volume = await services.Volumes.GetAsync(caller, id, cancellationToken);
        SnapshotPage snapshots = await services.Snapshots.OfVolumeAsync(caller, id, cancellationToken);
        HostPage hosts = await services.Hosts.ListAsync(caller, new ListQuery(Limit: 500), cancellationToken);
        await AppPage.SendAsync(context, caller, App.Volumes, volume.Name, VolumePages.Detail(volume, snapshots.Items, hosts.Items, caller, outcome, time.GetUtcNow()), outcome);
    }

    private async Task ShowListAsync(HttpContext context, Caller caller, Outcome outcome, PlacementExplanation? explanation)
    {
        VolumeSearch search = VolumePages.ReadSearch(context.Request);
        VolumeFindings found = await services.Volumes.FindAsync(caller, search, context.RequestAborted);
        VolumeChoices choices = await VolumeChoices.OfAsync(services, caller, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Volumes, "Volumes", VolumePages.List(found, search, caller, choices, outcome, explanation, time.GetUtcNow()), outcome);
    }
}
