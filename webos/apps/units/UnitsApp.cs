using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Units;

/// <summary>The machines of the pool, and all that is done with one.</summary>
internal sealed class UnitsApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/units", Gate.SignedIn(ShowAsync));
        routes.MapGet("/app/units/{id}", Gate.SignedIn((context, caller) => ShowOneAsync(context, caller, Outcome.None, trial: null)));
        MapStep(routes, "approve", services.Units.ApproveAsync);
        MapStep(routes, "cordon", services.Units.CordonAsync);
        MapStep(routes, "uncordon", services.Units.UncordonAsync);
        MapStep(routes, "drain", services.Units.DrainAsync);
        routes.MapGet("/app/units/{id}/retire", Gate.SignedIn((context, caller) => ShowRetireAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/units/{id}/retire", Gate.SignedIn(RetireAsync));
        routes.MapGet("/app/units/{id}/forget", Gate.SignedIn((context, caller) => ShowForgetAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/units/{id}/forget", Gate.SignedIn(ForgetAsync));
        routes.MapPost("/app/units/{id}/maintenance", Gate.SignedIn(MaintainAsync));
        routes.MapPost("/app/units/{id}/label", Gate.SignedIn(LabelAsync));
        routes.MapPost("/app/units/{id}/claim", Gate.SignedIn(ClaimAsync));
        routes.MapPost("/app/units/{id}/release", Gate.SignedIn(ReleaseAsync));
    }

    private void MapStep(IEndpointRouteBuilder routes, string verb, Func<Caller, Guid, CancellationToken, Task> step) =>
        routes.MapPost($"/app/units/{{id}}/{verb}", Gate.SignedIn((context, caller) => AppPage.PressAsync(
            context,
            async () =>
            {
                Guid id = ListRequest.Id(context);
                await step(caller, id, context.RequestAborted);
                return UnitPages.PathOf(id);
            },
            outcome => ShowOneAsync(context, caller, outcome, trial: null))));

    private async Task ShowAsync(HttpContext context, Caller caller)
    {
        ListQuery query = ListRequest.Read(context.Request);
        UnitPage page = await services.Units.ListAsync(caller, query, context.RequestAborted);
        await AppPage.SendAsync(
            context, caller, App.Units, "Units",
            UnitPages.List(page with { Items = UnitOrder.ByName(page.Items) }, query.Name, caller, FirstUnitModel.Of(context, services), time.GetUtcNow()));
    }

    private async Task ShowOneAsync(HttpContext context, Caller caller, Outcome outcome, DiskClaimResult? trial)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Unit unit = await services.Units.GetAsync(caller, ListRequest.Id(context), cancellationToken);
        SafeToStop safety = await services.Maintenance.SafeToStopAsync(caller, unit.Id, cancellationToken);
        DiskPage disks = await services.Disks.ListAsync(caller, new ListQuery(Name: unit.Name), cancellationToken);
        await AppPage.SendAsync(
            context, caller, App.Units, unit.Name,
            UnitPages.Detail(unit, safety, [.. disks.Items.Where(disk => disk.UnitId == unit.Id)], trial, caller, outcome, time.GetUtcNow()), outcome);
    }

    private async Task ShowRetireAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Unit unit = await services.Units.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Units, "Retire unit", [UnitPages.Retire(unit).After(outcome)], outcome);
    }

    private async Task RetireAsync(HttpContext context, Caller caller)
    {
        Unit unit = await services.Units.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, unit.Name,
            async () => UnitPages.PathOf((await services.Units.RetireAsync(caller, unit.Id, context.RequestAborted)).Id),
            outcome => ShowRetireAsync(context, caller, outcome));
    }

    private async Task ShowForgetAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Unit unit = await services.Units.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        ListQuery ofUnit = new(Limit: 500) { Filters = new Dictionary<string, string> { ["unit"] = unit.Id.ToString() } };
        VolumePage volumes = await services.Volumes.ListAsync(caller, ofUnit, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Units, "Forget unit", [UnitPages.Forget(unit, volumes.Items).After(outcome)], outcome);
    }

    private async Task ForgetAsync(HttpContext context, Caller caller)
    {
        Unit unit = await services.Units.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SubmitAsync(
            context, "confirm",
            values =>
            {
                values.RequireTyped(unit.Name);
                return values.Ticked("abandon");
            },
            async (abandon, _) =>
            {
                await services.Units.ForgetAsync(caller, unit.Id, abandon, context.RequestAborted);
                return App.Units.Path;
            },
            outcome => ShowForgetAsync(context, caller, outcome));
    }

    private Task MaintainAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UnitForms.MaintenanceId, UnitForms.ReadMaintenance,
        async (request, _) => UnitPages.PathOf((await services.Maintenance.SetAsync(caller, ListRequest.Id(context), request, context.RequestAborted)).UnitId),
        outcome => ShowOneAsync(context, caller, outcome, trial: null));

    private Task LabelAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UnitForms.LabelId, values => new LabelSet(values.Labels("labels", "/labels")),
        async (request, _) => UnitPages.PathOf((await services.Units.LabelAsync(caller, ListRequest.Id(context), request, context.RequestAborted)).Id),
        outcome => ShowOneAsync(context, caller, outcome, trial: null));

    private Task ClaimAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UnitForms.ClaimId, values => new DiskClaimCreate(ListRequest.Id(context), values.All("disk"), null, values.IsTrial),
        async (request, values) =>
        {
            DiskClaimResult result = await services.Disks.ClaimAsync(caller, request, values.Key, context.RequestAborted);
            if (!values.IsTrial) return result.Operations is [var first, ..] ? TasksApp.PathOf(first.Id) : $"{UnitPages.PathOf(ListRequest.Id(context))}#disks";
            await ShowOneAsync(context, caller, new Outcome(FormId: UnitForms.ClaimId, Values: values), result);
            return null;
        },
        outcome => ShowOneAsync(context, caller, outcome, trial: null));

    private Task ReleaseAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, "release", values => new DiskRelease(values.Choice("store", "/storeId") ?? values.Unreadable<Guid>("/storeId", "Choose a disk.")),
        async (request, _) =>
        {
            await services.Disks.ReleaseAsync(caller, request, context.RequestAborted);
            return $"{UnitPages.PathOf(ListRequest.Id(context))}#disks";
        },
        outcome => ShowOneAsync(context, caller, outcome, trial: null));
}
