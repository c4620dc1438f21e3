using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/plan</c>.</summary>
internal sealed class PlanEndpoints(PlanService plan)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/plan", ListAsync).Needs("plan.read");

    private async Task ListAsync(HttpContext context)
    {
        PlanPage page = await plan.ListAsync(context.Caller, context.ListQuery("document"), context.Truth("document"), context.RequestAborted);
        await Reply.OkAsync(context, page, ApiJson.Default.PlanPage);
    }
}
