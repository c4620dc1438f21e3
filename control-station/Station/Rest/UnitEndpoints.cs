using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/units</c>.</summary>
internal sealed class UnitEndpoints(UnitService units, OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units", ListAsync).Needs("unit.read");
        routes.MapGet("/units/{id:guid}", GetAsync).Needs("unit.read");
        MapVerb(routes, "approve", units.ApproveAsync);
        MapVerb(routes, "cordon", units.CordonAsync);
        MapVerb(routes, "uncordon", units.UncordonAsync);
        routes.MapPost("/units/{id:guid}:drain", DrainAsync).Needs("unit.drain");
        MapVerb(routes, "retire", units.RetireAsync);
        MapVerb(routes, "discard", units.DiscardAsync);
        routes.MapPost("/units/{id:guid}:label", LabelAsync).Needs("unit.label");
        routes.MapPost("/units/{id:guid}:weight", WeighAsync).Needs("unit.weight");
        routes.MapGet("/stores", StoresAsync).Needs("unit.read");
        routes.MapDelete("/units/{id:guid}", ForgetAsync).Needs("unit.forget");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.UnitPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Unit);

    private static void MapVerb(IEndpointRouteBuilder routes, string verb, Func<Caller, Guid, CancellationToken, Task<Unit>> act) =>
        routes.MapPost($"/units/{{id:guid}}:{verb}", async context =>
            await Reply.OkAsync(context, await act(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Unit)).Needs($"unit.{verb}");

    private async Task DrainAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await units.DrainAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }

    private async Task LabelAsync(HttpContext context)
    {
        LabelSet labels = await context.BodyAsync(ApiJson.Default.LabelSet);
        await Reply.OkAsync(context, await units.LabelAsync(context.Caller, context.RouteId, labels, context.RequestAborted), ApiJson.Default.Unit);
    }

    private async Task WeighAsync(HttpContext context)
    {
        WeightSet weight = await context.BodyAsync(ApiJson.Default.WeightSet);
        await Reply.OkAsync(context, await units.WeighAsync(context.Caller, context.RouteId, weight, context.RequestAborted), ApiJson.Default.Unit);
    }

    private async Task StoresAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.StoresAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.StorePage);

    private async Task ForgetAsync(HttpContext context)
    {
        await units.ForgetAsync(context.Caller, context.RouteId, context.Truth("abandon"), context.RequestAborted);
        await Reply.NoContent(context);
    }
}
