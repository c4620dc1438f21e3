using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>Long work: what runs, what ran, cancelling and trying again. Renews itself while something runs.</summary>
internal sealed class TasksApp(StationServices services, TimeProvider time)
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/tasks", Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/tasks/{id}/cancel", Gate.SignedIn((context, caller) => PressAsync(context, caller, services.Operations.CancelAsync)));
        routes.MapPost("/app/tasks/{id}/retry", Gate.SignedIn((context, caller) => PressAsync(context, caller, services.Operations.RetryAsync)));
    }

    /// <summary>Where a task is shown.</summary>
    public static string PathOf(Guid id) => $"{App.Tasks.Path}#task-{id}";

    private Task PressAsync(HttpContext context, Caller caller, Func<Caller, Guid, CancellationToken, Task<Operation>> act) => AppPage.PressAsync(
        context,
        async () => PathOf((await act(caller, ListRequest.Id(context), context.RequestAborted)).Id),
        outcome => ShowAsync(context, caller, outcome));

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        ListQuery query = ListRequest.Read(context.Request, "state", "subject");
        OperationPage page = await services.Operations.ListAsync(caller, query, context.RequestAborted);
        TasksModel model = new(page, query.Filters, caller, time.GetUtcNow());
        Page shown = AppPage.Of(caller.Name, App.Tasks, "Tasks", TaskPages.List(model), outcome);
        // A page that answers a form must not renew itself: the browser would ask for the form's address.
        if (model.AnyRunning && outcome.Problem is null) shown = shown with { Refresh = s_refresh };
        await PageResponse.SendAsync(context, shown, outcome.Problem?.Status ?? StatusCodes.Status200OK);
    }
}
