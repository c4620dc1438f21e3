using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/disks</c> and <c>/claim-rules</c>.</summary>
internal sealed class DiskEndpoints(DiskService disks, ClaimRuleService rules)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/disks", ListAsync).Needs("disk.read");
        routes.MapPost("/disks:claim", ClaimAsync).Needs("disk.claim");
        routes.MapPost("/disks:release", ReleaseAsync).Needs("disk.release");
        routes.MapGet("/claim-rules", ListRulesAsync).Needs("claim-rule.read");
        routes.MapPost("/claim-rules", CreateRuleAsync).Needs("claim-rule.create");
        routes.MapDelete("/claim-rules/{id:guid}", DeleteRuleAsync).Needs("claim-rule.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await disks.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.DiskPage);

    private async Task ClaimAsync(HttpContext context)
    {
        DiskClaimCreate request = await context.BodyAsync(ApiJson.Default.DiskClaimCreate);
        DiskClaimResult result = await disks.ClaimAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        int status = result.Operations.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        await Reply.JsonAsync(context, status, result, ApiJson.Default.DiskClaimResult);
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        await disks.ReleaseAsync(context.Caller, await context.BodyAsync(ApiJson.Default.DiskRelease), context.RequestAborted);
        await Reply.NoContent(context);
    }

    private async Task ListRulesAsync(HttpContext context) =>
        await Reply.OkAsync(context, await rules.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.ClaimRulePage);

    private async Task CreateRuleAsync(HttpContext context)
    {
        ClaimRuleCreate request = await context.BodyAsync(ApiJson.Default.ClaimRuleCreate);
        ClaimRule made = await rules.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/claim-rules/{made.Id:D}", made, ApiJson.Default.ClaimRule);
    }

    private async Task DeleteRuleAsync(HttpContext context)
    {
        await rules.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
