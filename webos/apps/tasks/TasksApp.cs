using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>Long work: what runs, what ran, and cancelling it. Renews itself while something runs.</summary>
internal sealed class TasksApp(StationServices services, TimeProvider time)
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);

    /// <summary>GET /app/tasks.</summary>
    public Task ShowAsync(HttpContext context, Caller caller) => SendAsync(context, caller, problem: null);

    /// <summary>POST /app/tasks/{id}/cancel.</summary>
    public async Task CancelAsync(HttpContext context, Caller caller)
    {
        Guid id = ListRequest.Id(context);
        try
        {
            await services.Operations.CancelAsync(caller, id, context.RequestAborted);
        }
        catch (ProblemException exception)
        {
            await SendAsync(context, caller, exception.ToProblem());
            return;
        }
        await PageResponse.SeeOther(context, PathOf(id));
    }

    /// <summary>Where a task is shown.</summary>
    public static string PathOf(Guid id) => $"{App.Tasks.Path}#task-{id}";

    private async Task SendAsync(HttpContext context, Caller caller, Problem? problem)
    {
        OperationPage page = await services.Operations.ListAsync(caller, ListRequest.Read(context.Request), context.RequestAborted);
        TasksModel model = new(page, new Rights(caller), problem, time.GetUtcNow());
        // A page that answers a form must not renew itself: the browser would ask for the form's address.
        await PageResponse.SendAsync(context,
            new Page("Tasks", caller.Name, App.Tasks, new AspNetCoreGeneratedDocument.apps_tasks_Tasks { Model = model })
            {
                Refresh = model.AnyRunning && problem is null ? s_refresh : null,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }
}
