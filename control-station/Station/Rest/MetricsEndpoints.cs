using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/metrics/history</c> and <c>/metrics/busiest</c>: what is done to the pool, in numbers over time.</summary>
internal sealed class MetricsEndpoints(MetricsService metrics)
{
    private const int BusiestShown = 20;

    private static readonly TimeSpan RangeUsual = TimeSpan.FromMinutes(5);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics/history", HistoryAsync).Needs("metrics.read");
        routes.MapGet("/metrics/busiest", BusiestAsync).Needs("metrics.read");
    }

    private async Task HistoryAsync(HttpContext context)
    {
        ActivityHistory history = await metrics.HistoryAsync(context.Caller, context.QueryText("subject") ?? "pool", context.Span("range") ?? RangeUsual, context.RequestAborted);
        await Reply.OkAsync(context, history, ApiJson.Default.ActivityHistory);
    }

    private async Task BusiestAsync(HttpContext context)
    {
        ListQuery query = context.ListQuery();
        int limit = context.QueryText("limit") is null ? BusiestShown : query.Limit;
        await Reply.OkAsync(context, await metrics.BusiestAsync(context.Caller, limit, context.RequestAborted), ApiJson.Default.BusyVolumePage);
    }
}
