using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/projects</c>, which are addressed by name.</summary>
internal sealed class ProjectEndpoints(ProjectService projects)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects", ListAsync).Needs("project.read");
        routes.MapPost("/projects", CreateAsync).Needs("project.create");
        routes.MapPut("/projects/{name}", ChangeAsync).Needs("project.change");
        routes.MapDelete("/projects/{name}", DeleteAsync).Needs("project.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await projects.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.ProjectPage);

    private async Task CreateAsync(HttpContext context)
    {
        ProjectCreate request = await context.BodyAsync(ApiJson.Default.ProjectCreate);
        Project project = await projects.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/projects/{project.Name}", project, ApiJson.Default.Project);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        ProjectCreate request = await context.BodyAsync(ApiJson.Default.ProjectCreate);
        await Reply.OkAsync(context, await projects.ChangeAsync(context.Caller, context.RouteText("name"), request, context.RequestAborted), ApiJson.Default.Project);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await projects.DeleteAsync(context.Caller, context.RouteText("name"), context.RequestAborted);
        await Reply.NoContent(context);
    }
}
