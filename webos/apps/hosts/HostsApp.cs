using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Hosts;

/// <summary>The machines that use volumes.</summary>
internal sealed class HostsApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/hosts", Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/hosts", Gate.SignedIn(CreateAsync));
        routes.MapGet("/app/hosts/{id}", Gate.SignedIn((context, caller) => ShowOneAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/hosts/{id}/rotate", Gate.SignedIn(RotateAsync));
        routes.MapPost("/app/hosts/{id}/quota", Gate.SignedIn(SetQuotaAsync));
        routes.MapGet("/app/hosts/{id}/delete", Gate.SignedIn((context, caller) => ShowDeleteAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/hosts/{id}/delete", Gate.SignedIn(DeleteAsync));
    }

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        ListQuery query = ListRequest.Read(context.Request);
        HostPage page = await services.Hosts.ListAsync(caller, query, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Hosts, "Hosts", HostPages.List(page, query.Name, caller, outcome, time.GetUtcNow()), outcome);
    }

    private Task CreateAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, HostPages.NewId, values => new HostCreate(values.Text("name"), values.Text("initiator")),
        async (request, values) => HostPages.PathOf((await services.Hosts.CreateAsync(caller, request, values.Key, context.RequestAborted)).Id),
        outcome => ShowAsync(context, caller, outcome));

    private async Task ShowOneAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Host host = await services.Hosts.GetAsync(caller, ListRequest.Id(context), cancellationToken);
        ListQuery ofHost = new(Limit: 500) { Filters = new Dictionary<string, string> { ["host"] = host.Id.ToString() } };
        MappingPage mappings = await services.Mappings.ListAsync(caller, ofHost, cancellationToken);
        HostSecrets secrets = await services.HostSecrets.GetAsync(caller, host.Id, cancellationToken);
        HostQuota quota = await services.HostQuotas.GetAsync(caller, host.Id, cancellationToken);
        HostReport report = await services.HostReports.GetAsync(caller, host.Id, cancellationToken);
        await AppPage.SendAsync(context, caller, App.Hosts, host.Name, HostPages.Detail(host, mappings.Items, secrets, quota, report, caller, outcome, time.GetUtcNow()), outcome);
    }

    private Task RotateAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, HostPages.RotateId, HostPages.ReadRotate,
        async (request, _) => $"{HostPages.PathOf((await services.HostSecrets.RotateAsync(caller, ListRequest.Id(context), request, context.RequestAborted)).HostId)}#secrets",
        outcome => ShowOneAsync(context, caller, outcome));

    private Task SetQuotaAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, HostPages.QuotaId, HostPages.ReadQuota,
        async (request, _) => HostPages.PathOf((await services.HostQuotas.SetAsync(caller, ListRequest.Id(context), request, context.RequestAborted)).HostId),
        outcome => ShowOneAsync(context, caller, outcome));

    private async Task ShowDeleteAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Host host = await services.Hosts.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Hosts, "Delete host", [HostPages.Delete(host).After(outcome)], outcome);
    }

    private async Task DeleteAsync(HttpContext context, Caller caller)
    {
        Host host = await services.Hosts.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, host.Name,
            async () =>
            {
                await services.Hosts.DeleteAsync(caller, host.Id, context.RequestAborted);
                return App.Hosts.Path;
            },
            outcome => ShowDeleteAsync(context, caller, outcome));
    }
}
