using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Link;

namespace VSan.Station.Rest;

/// <summary><c>/units</c>.</summary>
internal sealed class UnitEndpoints(UnitService units, UnitLinks links)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units", ListAsync).Needs("unit.read");
        routes.MapGet("/units/{id:guid}", GetAsync).Needs("unit.read");
        routes.MapPost("/units/{id:guid}:approve", ApproveAsync).Needs("unit.approve");
        routes.MapDelete("/units/{id:guid}", ForgetAsync).Needs("unit.forget");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.UnitPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Unit);

    private async Task ApproveAsync(HttpContext context) =>
        await Reply.OkAsync(context, await units.ApproveAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Unit);

    private async Task ForgetAsync(HttpContext context)
    {
        await units.ForgetAsync(context.Caller, context.RouteId, context.RequestAborted);
        links.End(context.RouteId);
        await Reply.NoContent(context);
    }
}
