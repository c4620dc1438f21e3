using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>post</c>.</summary>
internal static class PostCommands
{
    private static readonly Option<string> To = new("--to") { Description = "Whom it is for: everyone, role:NAME or user:NAME.", HelpName = "AUDIENCE", Required = true };
    private static readonly Argument<string?> Words = new("TEXT") { Description = "What it says, in quotes.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> IsTask = new("--task") { Description = "Something is to be done by one of them." };
    private static readonly Option<string?> About = new("--about") { Description = "What it is about: unit, host, project, volume, share, snapshot or operation with its id, as volume/ID.", HelpName = "KIND/ID" };
    private static readonly Argument<Guid> Id = new("ID") { Description = "Id of a post, as 'vsan post list' shows it." };

    private static readonly Column<Post>[] Columns =
    [
        new("POSTED", post => Text.Of(post.PostedAt)),
        new("BY", post => post.Author),
        new("TO", post => post.To),
        new("KIND", post => post.Kind.ToWire()),
        new("STATE", post => post.Kind == PostKind.Note ? "-" : post.DoneBy is { } by ? $"done by {by}" : "open"),
        new("ABOUT", post => post.Subject is { } subject ? $"{subject.Split('/')[0]} {post.SubjectName}" : "-"),
        new("TEXT", post => post.Text),
        new("ID", post => post.Id.ToString()),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("post", "Posts: notes, objects and tasks from one person to others.")
    {
        run.Command("list", "List what was posted to you and by you, the newest first.", ListAsync),
        run.Command("create", """
            Post a note or a task.

            Examples:
              vsan post create --to everyone "The rack is moved on Friday."
              vsan post create --to role:storage-admin --task "Replace its disk 3, please." --about unit/018f...
            """, CreateAsync, Words, To, IsTask, About),
        run.Command("done", "Say that what a task asks for is done.", DoneAsync, Id),
        run.Command("delete", "Take a post of yours away.", DeleteAsync, Id),
    });

    private static async Task ListAsync(Invocation invocation)
    {
        PostPage page = await invocation.Api.GetAsync<PostPage>("posts?limit=100", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteList(Posts, page.Items);
    }

    private static async Task CreateAsync(Invocation invocation)
    {
        PostCreate request = new(invocation.Get(To)!, invocation.Get(Words), invocation.Get(IsTask) ? PostKind.Task : PostKind.Note, invocation.Get(About));
        invocation.Output.WriteOne(Posts, await invocation.Api.PostAsync<PostCreate, Post>("posts", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task DoneAsync(Invocation invocation) =>
        invocation.Output.WriteOne(Posts, await invocation.Api.PostAsync<Post>($"posts/{invocation.Get(Id)}:done", invocation.Cancellation).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        await invocation.Api.DeleteAsync($"posts/{invocation.Get(Id)}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("The post is taken away.");
    }

    private static Noun<Post, PostPage> Posts { get; } = new(
        "post", "posts", page => page.Items, page => page.NextCursor, items => new PostPage(items, null), post => post.Id.ToString(), post => post.Id.ToString(), Columns);
}
