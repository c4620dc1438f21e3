using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Posts;

/// <summary>What people post to each other: notes, objects and tasks.</summary>
internal sealed class PostsApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(App.Posts.Path, Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost(App.Posts.Path, Gate.SignedIn(PostAsync));
        routes.MapPost($"{App.Posts.Path}/{{id}}/done", Gate.SignedIn((context, caller) => PressAsync(
            context, caller, id => services.Posts.DoneAsync(caller, id, context.RequestAborted))));
        routes.MapPost($"{App.Posts.Path}/{{id}}/delete", Gate.SignedIn((context, caller) => PressAsync(
            context, caller, id => services.Posts.DeleteAsync(caller, id, context.RequestAborted))));
    }

    /// <summary>Tasks that wait for somebody whom the caller is one of.</summary>
    public static int OpenTasks(PostPage page, Caller caller) => page.Items.Count(post => post is { Kind: PostKind.Task, DoneAt: null } && post.Author != caller.Name);

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        PostPage page = await services.Posts.ListAsync(caller, ListRequest.Read(context.Request), context.RequestAborted);
        string? about = outcome.Values?.Optional("about") ?? ListRequest.Text(context.Request, "about");
        await AppPage.SendAsync(context, caller, App.Posts, "Posts", PostPages.List(page, about, outcome, time.GetUtcNow()), outcome);
    }

    private Task PostAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, PostPages.FormId, PostPages.Read,
        async (request, values) => $"{App.Posts.Path}#post-{(await services.Posts.CreateAsync(caller, request, values.Key, context.RequestAborted)).Id}",
        outcome => ShowAsync(context, caller, outcome));

    private Task PressAsync(HttpContext context, Caller caller, Func<Guid, Task> act) => AppPage.PressAsync(
        context,
        async () =>
        {
            await act(ListRequest.Id(context));
            return App.Posts.Path;
        },
        outcome => ShowAsync(context, caller, outcome));
}
