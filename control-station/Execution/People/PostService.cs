using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Notes, objects and tasks that people post to each other (ADR 0091). Nobody reads what was posted to others.</summary>
public sealed class PostService
{
    private const int TextMax = 1000;
    private const int OfAuthorMax = 100;

    private readonly Ledger _ledger;

    internal PostService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of what was posted to the caller, or by the caller.</summary>
    public Task<PostPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                Guid? after = query.After();
                Func<Post, bool> fits = ListFilters.Posts.Of(query);
                List<Post> found = [];
                while (found.Count <= query.Limit && transaction.Table<Posting>().Page(after, query.Limit + 1, newestFirst: true) is { Count: > 0 } read)
                {
                    found.AddRange(read.Where(post => Sees(caller, post)).Select(post => View(caller, post)).Where(fits));
                    after = read[^1].Id;
                }

                bool more = found.Count > query.Limit;
                return new PostPage([.. found.Take(query.Limit)], more ? found[query.Limit - 1].Id.ToString("N") : null);
            },
            cancellationToken);
    }

    /// <summary>Posts something.</summary>
    public Task<Post> CreateAsync(Caller caller, PostCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.PostCreate),
            "own-post.create",
            "post",
            (transaction, now) =>
            {
                Posting post = Of(transaction, now, caller, request);
                transaction.AppendEvent(now, "post.created", $"post/{post.Id}", $"{caller.Name} posted a {Word(post)} to {post.Audience.Text}.");
                return View(caller, transaction.Table<Posting>().Insert(post));
            },
            cancellationToken);
    }

    /// <summary>Says that what a post asks for is done. Saying it again changes nothing.</summary>
    public Task<Post> DoneAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.MutateAsync(
            caller,
            "own-post.done",
            $"post/{id}",
            (transaction, now) =>
            {
                Posting post = Require(transaction, caller, id);
                if (!post.IsTask) throw new ProblemException("post-not-task", "A note asks for nothing that could be done.", "Take it away when it is read.");
                if (post.DoneAt is not null) return View(caller, post);
                transaction.AppendEvent(now, "post.done", $"post/{id}", $"{caller.Name} did what {post.Author} had asked for.");
                return View(caller, transaction.Table<Posting>().Update(post with { DoneBy = caller.Name, DoneAt = now }));
            },
            cancellationToken);
    }

    /// <summary>Takes a post away: its author may, and whoever manages people.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.MutateAsync(
            caller,
            "own-post.delete",
            $"post/{id}",
            (transaction, now) =>
            {
                Posting post = Require(transaction, caller, id);
                if (!MayRemove(caller, post)) throw new ProblemException("forbidden", $"{post.Author} posted it.", $"Ask {post.Author} or a security-admin to take it away.");
                transaction.Table<Posting>().Delete(id);
                transaction.AppendEvent(now, "post.removed", $"post/{id}", $"{caller.Name} took a {Word(post)} of {post.Author} away.");
                return true;
            },
            cancellationToken);
    }

    private static Posting Of(IStationTransaction transaction, DateTimeOffset now, Caller caller, PostCreate request)
    {
        string text = request.Text?.Trim() ?? string.Empty;
        if (text.Length > TextMax) throw ProblemException.Field("/text", $"has at most {TextMax} characters.");
        if (text.Length == 0 && request.Subject is null) throw ProblemException.Field("/text", "is empty: say something, or name what it is about.");
        if (transaction.Table<Posting>().CountWhere(Lookups.PostAuthor, caller.Name) >= OfAuthorMax)
            throw new ProblemException("quota-exceeded", $"{caller.Name} has {OfAuthorMax} posts already.", "Take old ones away.");
        Audience audience = Audience.Of(transaction, request.To);
        string? subjectName = request.Subject is { } subject ? PostSubjects.NameOf(transaction, caller, subject) : null;
        return new Posting(transaction.NewId(now), caller.Name, audience, request.Kind == PostKind.Task, text, request.Subject, subjectName, now);
    }

    private static Posting Require(IStationTransaction transaction, Caller caller, Guid id) =>
        transaction.Table<Posting>().Find(id) is { } post && Sees(caller, post) ? post : throw ProblemException.NotFound("post", id);

    private static bool Sees(Caller caller, Posting post) => post.Author == caller.Name || post.Audience.Includes(caller) || caller.May("user.change");

    private static bool MayRemove(Caller caller, Posting post) => post.Author == caller.Name || caller.May("user.change");

    private static string Word(Posting post) => post.IsTask ? "task" : "note";

    private static Post View(Caller caller, Posting post) => new(
        post.Id, post.Author, post.Audience.Text, post.IsTask ? PostKind.Task : PostKind.Note, post.Text, post.Subject, post.SubjectName, post.PostedAt, post.DoneBy, post.DoneAt, MayRemove(caller, post));
}
