using VSan.Contracts.Api;
using VSan.Station.Execution;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Station.Rest;

/// <summary><c>/hosts</c>.</summary>
internal sealed class HostEndpoints(HostService hosts, HostSecretService secrets, HostQuotaService quotas, HostReportService reports)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/hosts", ListAsync).Needs("host.read");
        routes.MapPost("/hosts", CreateAsync).Needs("host.create");
        routes.MapGet("/hosts/{id:guid}", GetAsync).Needs("host.read");
        routes.MapDelete("/hosts/{id:guid}", DeleteAsync).Needs("host.delete");
        routes.MapPost("/hosts/{id:guid}:revoke-certificate", RevokeAsync).Needs("host.revoke-certificate");
        routes.MapGet("/hosts/{id:guid}/secrets", SecretsAsync).Needs("host.read");
        routes.MapPost("/hosts/{id:guid}:rotate-secret", RotateAsync).Needs("host.rotate-secret");
        routes.MapGet("/hosts/{id:guid}/quota", QuotaAsync).Needs("host.read");
        routes.MapPut("/hosts/{id:guid}/quota", SetQuotaAsync).Needs("host.set-quota");
        routes.MapGet("/hosts/{id:guid}/report", ReportAsync).Needs("host.read");
        routes.MapPut("/hosts/{id:guid}/report", KeepReportAsync).Needs("host.report");
    }

    private async Task ReportAsync(HttpContext context) =>
        await Reply.OkAsync(context, await reports.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.HostReport);

    private async Task KeepReportAsync(HttpContext context)
    {
        HostReport request = await context.BodyAsync(ApiJson.Default.HostReport);
        await Reply.OkAsync(context, await reports.KeepAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.HostReport);
    }

    private async Task RevokeAsync(HttpContext context) =>
        await Reply.OkAsync(context, await hosts.RevokeCertificateAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Host);

    private async Task SecretsAsync(HttpContext context) =>
        await Reply.OkAsync(context, await secrets.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.HostSecrets);

    private async Task RotateAsync(HttpContext context)
    {
        SecretRotate request = await context.BodyAsync(ApiJson.Default.SecretRotate);
        await Reply.OkAsync(context, await secrets.RotateAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.HostSecrets);
    }

    private async Task QuotaAsync(HttpContext context) =>
        await Reply.OkAsync(context, await quotas.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.HostQuota);

    private async Task SetQuotaAsync(HttpContext context)
    {
        HostQuotaSpec request = await context.BodyAsync(ApiJson.Default.HostQuotaSpec);
        await Reply.OkAsync(context, await quotas.SetAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.HostQuota);
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await hosts.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.HostPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await hosts.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Host);

    private async Task CreateAsync(HttpContext context)
    {
        HostCreate request = await context.BodyAsync(ApiJson.Default.HostCreate);
        Host created = await hosts.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/hosts/{created.Id:D}", created, ApiJson.Default.Host);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await hosts.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
