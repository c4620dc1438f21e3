using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.StoragePool;

/// <summary>The pool as a whole: its capacity, its policies, its projects.</summary>
internal sealed class PoolApp(StationServices services, TimeProvider time)
{
    private static readonly ListQuery s_all = new(Limit: 500);

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/pool", Gate.SignedIn(ShowAsync));
        routes.MapGet("/app/pool/policies", Gate.SignedIn((context, caller) => ShowPoliciesAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/pool/policies", Gate.SignedIn(CreatePolicyAsync));
        routes.MapGet("/app/pool/policies/{id}/delete", Gate.SignedIn((context, caller) => ShowDeletePolicyAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/pool/policies/{id}/delete", Gate.SignedIn(DeletePolicyAsync));
        routes.MapGet("/app/pool/projects", Gate.SignedIn((context, caller) => ShowProjectsAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/pool/projects", Gate.SignedIn(CreateProjectAsync));
        routes.MapPost("/app/pool/projects/quota", Gate.SignedIn(ChangeProjectAsync));
        routes.MapGet("/app/pool/projects/{name}/delete", Gate.SignedIn((context, caller) => ShowDeleteProjectAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/pool/projects/{name}/delete", Gate.SignedIn(DeleteProjectAsync));
    }

    private static string NameOf(HttpContext context) => context.Request.RouteValues["name"] as string ?? "";

    private async Task ShowAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Pool pool = await services.Pool.GetAsync(caller, cancellationToken);
        UnitPage units = await services.Units.ListAsync(caller, s_all, cancellationToken);
        AlarmPage alarms = await services.Alarms.ListAsync(caller, s_all, cancellationToken);
        await AppPage.SendAsync(context, caller, App.Pool, "Storage pool", PoolPages.Capacity(pool, UnitOrder.ByName(units.Items), alarms.Items, time.GetUtcNow()));
    }

    private async Task ShowPoliciesAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        PolicyPage policies = await services.Policies.ListAsync(caller, s_all, context.RequestAborted);
        SchedulePage schedules = await services.Schedules.ListAsync(caller, s_all, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Pool, "Policies", PoolPages.Policies(policies.Items, schedules.Items, caller, outcome), outcome);
    }

    private Task CreatePolicyAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, PoolPages.PolicyId, PoolPages.ReadPolicy,
        async (request, values) => $"{PoolPages.PoliciesPath}#policy-{(await services.Policies.CreateAsync(caller, request, values.Key, context.RequestAborted)).Id}",
        outcome => ShowPoliciesAsync(context, caller, outcome));

    private async Task ShowDeletePolicyAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Policy policy = await services.Policies.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Pool, "Delete policy", [PoolPages.DeletePolicy(policy).After(outcome)], outcome);
    }

    private async Task DeletePolicyAsync(HttpContext context, Caller caller)
    {
        Policy policy = await services.Policies.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, policy.Name,
            async () =>
            {
                await services.Policies.DeleteAsync(caller, policy.Id, context.RequestAborted);
                return PoolPages.PoliciesPath;
            },
            outcome => ShowDeletePolicyAsync(context, caller, outcome));
    }

    private async Task ShowProjectsAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        ProjectPage projects = await services.Projects.ListAsync(caller, s_all, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Pool, "Projects", PoolPages.Projects(projects.Items, caller, outcome), outcome);
    }

    private Task CreateProjectAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, PoolPages.ProjectId, PoolPages.ReadProject,
        async (request, values) => $"{PoolPages.ProjectsPath}#project-{(await services.Projects.CreateAsync(caller, request, values.Key, context.RequestAborted)).Id}",
        outcome => ShowProjectsAsync(context, caller, outcome));

    private Task ChangeProjectAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, PoolPages.QuotaId, PoolPages.ReadProject,
        async (request, _) => $"{PoolPages.ProjectsPath}#project-{(await services.Projects.ChangeAsync(caller, request.Name, request, context.RequestAborted)).Id}",
        outcome => ShowProjectsAsync(context, caller, outcome));

    private static Task ShowDeleteProjectAsync(HttpContext context, Caller caller, Outcome outcome) =>
        AppPage.SendAsync(context, caller, App.Pool, "Delete project", [PoolPages.DeleteProject(NameOf(context)).After(outcome)], outcome);

    private Task DeleteProjectAsync(HttpContext context, Caller caller) => AppPage.ConfirmAsync(
        context, NameOf(context),
        async () =>
        {
            await services.Projects.DeleteAsync(caller, NameOf(context), context.RequestAborted);
            return PoolPages.ProjectsPath;
        },
        outcome => ShowDeleteProjectAsync(context, caller, outcome));
}
