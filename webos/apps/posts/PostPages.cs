using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Posts;

/// <summary>What is on the page of posts.</summary>
internal static class PostPages
{
    public const string FormId = "post";

    private const string Person = "user:";

    private static readonly Choice[] s_audiences =
    [
        new("everyone", "Everyone"),
        .. Enum.GetValues<Role>().Where(role => role != Role.Host).Select(role => new Choice($"role:{RoleNames.Of(role)}", $"Every {RoleNames.Of(role)}")),
        new(Person, "One person, named below"),
    ];

    private static readonly Choice[] s_kinds = [new("note", "A note, to be read"), new("task", "A task, to be done")];

    /// <summary>The posts, and the form for a new one.</summary>
    public static IReadOnlyList<Part> List(PostPage page, string? about, Outcome outcome, DateTimeOffset now)
    {
        bool none = page.Items.Count == 0;
        List<Part> parts = [];
        if (none) parts.Add(new Empty("Nothing is posted to you", "People post notes, objects of the pool and tasks to each other: to one person, to all of a role, or to everyone. Who works next on this pool finds them here."));
        parts.Add(new Section("new", "New post", FormOf(about).After(outcome)) { Folds = true, Open = none || about is not null || outcome.IsOf(FormId) });
        if (none) return parts;
        parts.Add(new Table("Posts", ["What", "About", "By", new("To", "wide"), new("When", "wide"), Column.Actions], [.. page.Items.Select(post => RowOf(post, now))]));
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Posts.Path, null, page.NextCursor) }));
        return parts;
    }

    /// <summary>A way to post something about an object.</summary>
    public static Link LinkAbout(string subject, string name) => new("Post…", $"{App.Posts.Path}?about={Uri.EscapeDataString(subject)}") { ClassName = "button", Of = name };

    /// <summary>The request of the form.</summary>
    public static PostCreate Read(FormValues values)
    {
        string to = values.Text("to");
        return new PostCreate(to == Person ? to + values.Text("user") : to, values.Text("text"), values.OneOf<PostKind>("kind", "/kind"), values.Optional("about"));
    }

    private static Form FormOf(string? about) => new(
        FormId, App.Posts.Path, "Post",
        new Field("to", "To") { Kind = FieldKind.Choice, Choices = s_audiences, Value = "everyone" },
        new Field("user", "Person") { Pointer = "/to", Note = "The user name; only for one person." },
        new Field("kind", "What it is") { Kind = FieldKind.Choice, Choices = s_kinds, Value = "note" },
        new Field("text", "Text") { Required = about is null, Note = about is null ? "At most 1,000 characters." : $"About {about.Split('/')[0]} {about.Split('/')[^1]}; may be empty." },
        new Field("about", "About") { Kind = FieldKind.Hidden, Value = about ?? "", Pointer = "/subject" });

    private static Row RowOf(Post post, DateTimeOffset now) => new(
        $"post-{post.Id}",
        post.Text.Length > 0 ? new Line(post.Text, post.Kind == PostKind.Note ? null : State(post)) : new Line(post.SubjectName ?? "", post.Kind == PostKind.Note ? "look at it" : State(post)),
        AboutOf(post),
        post.Author,
        post.To,
        Age.Between(post.PostedAt, now).Ago,
        new Buttons(
            post is { Kind: PostKind.Task, DoneAt: null } ? new Press("Done", $"{App.Posts.Path}/{post.Id}/done", post.Text) { ClassName = "primary" } : null,
            post.Removable ? new Press("Take away", $"{App.Posts.Path}/{post.Id}/delete", post.Text) : null));

    private static string State(Post post) => post.DoneBy is { } by ? $"task, done by {by}" : "task, open";

    private static Part AboutOf(Post post)
    {
        if (post.Subject?.Split('/', 2) is not [var kind, var id]) return new Quiet("–");
        return kind switch
        {
            "volume" or "unit" or "host" => new Link(post.SubjectName!, $"/app/{kind}s/{id}") { Note = kind },
            "operation" => new Link(post.SubjectName!, $"{App.Tasks.Path}?subject={id}") { Note = "task" },
            _ => new Line(post.SubjectName!, kind),
        };
    }
}
