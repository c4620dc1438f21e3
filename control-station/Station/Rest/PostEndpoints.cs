using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/posts</c>.</summary>
internal sealed class PostEndpoints(PostService posts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/posts", ListAsync).Needs("own-post.read");
        routes.MapPost("/posts", CreateAsync).Needs("own-post.create");
        routes.MapPost("/posts/{id:guid}:done", DoneAsync).Needs("own-post.done");
        routes.MapDelete("/posts/{id:guid}", DeleteAsync).Needs("own-post.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await posts.ListAsync(context.Caller, context.ListQuery([.. ListFilters.Posts.Names]), context.RequestAborted), ApiJson.Default.PostPage);

    private async Task CreateAsync(HttpContext context)
    {
        PostCreate request = await context.BodyAsync(ApiJson.Default.PostCreate);
        Post post = await posts.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/posts/{post.Id:D}", post, ApiJson.Default.Post);
    }

    private async Task DoneAsync(HttpContext context) =>
        await Reply.OkAsync(context, await posts.DoneAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Post);

    private async Task DeleteAsync(HttpContext context)
    {
        await posts.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
