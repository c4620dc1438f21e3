using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/schedules</c>.</summary>
internal sealed class ScheduleEndpoints(ScheduleService schedules)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schedules", ListAsync).Needs("schedule.read");
        routes.MapPost("/schedules", CreateAsync).Needs("schedule.create");
        routes.MapGet("/schedules/{id:guid}", GetAsync).Needs("schedule.read");
        routes.MapPut("/schedules/{id:guid}", ChangeAsync).Needs("schedule.change");
        routes.MapDelete("/schedules/{id:guid}", DeleteAsync).Needs("schedule.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await schedules.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.SchedulePage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await schedules.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Schedule);

    private async Task CreateAsync(HttpContext context)
    {
        ScheduleSpec request = await context.BodyAsync(ApiJson.Default.ScheduleSpec);
        Schedule made = await schedules.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/schedules/{made.Id:D}", made, ApiJson.Default.Schedule);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        ScheduleSpec request = await context.BodyAsync(ApiJson.Default.ScheduleSpec);
        await Reply.OkAsync(context, await schedules.ChangeAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.Schedule);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await schedules.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
