using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/placements</c> and <c>/alarms</c>: what the pool's space is, and would be, used for.</summary>
internal sealed class PlacementEndpoints(PlacementService placements, AlarmService alarms)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/placements:explain", ExplainAsync).Needs("placement.explain");
        routes.MapGet("/alarms", AlarmsAsync).Needs("alarm.read");
    }

    private async Task ExplainAsync(HttpContext context)
    {
        VolumeCreate request = await context.BodyAsync(ApiJson.Default.VolumeCreate);
        await Reply.OkAsync(context, await placements.ExplainAsync(context.Caller, request, context.RequestAborted), ApiJson.Default.PlacementExplanation);
    }

    private async Task AlarmsAsync(HttpContext context) =>
        await Reply.OkAsync(context, await alarms.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.AlarmPage);
}
