using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>Something that a person has posted to another, to those of a role, or to everyone.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Author">Who posted it.</param>
/// <param name="To"><c>everyone</c>, <c>role:NAME</c> or <c>user:NAME</c>.</param>
/// <param name="Kind">Whether something is to be done.</param>
/// <param name="Text">What it says; may be empty when it is about something.</param>
/// <param name="Subject">What it is about, as <c>volume/{id}</c>; null for nothing of the pool.</param>
/// <param name="SubjectName">What that was called when it was posted.</param>
/// <param name="PostedAt">When.</param>
/// <param name="DoneBy">Of a task: who did it; null while it is open.</param>
/// <param name="DoneAt">When it was done.</param>
/// <param name="Removable">The reader may take it away.</param>
public sealed record Post(
    Guid Id, string Author, string To, PostKind Kind, string Text, string? Subject, string? SubjectName, DateTimeOffset PostedAt, string? DoneBy, DateTimeOffset? DoneAt, bool Removable);

/// <summary>Posts something, <c>POST /posts</c>.</summary>
/// <param name="To"><c>everyone</c>, <c>role:NAME</c> or <c>user:NAME</c>.</param>
/// <param name="Text">Up to 1,000 characters; needed unless there is a subject.</param>
/// <param name="Kind">Default note.</param>
/// <param name="Subject">What it is about: unit, host, project, volume, share, snapshot or operation, as <c>volume/{id}</c>.</param>
public sealed record PostCreate(string To, string? Text, PostKind? Kind, string? Subject);

/// <summary>What a post asks for.</summary>
[JsonConverter(typeof(WireEnumConverter<PostKind>))]
public enum PostKind
{
    /// <summary>To be read.</summary>
    Note,

    /// <summary>To be done, by one of those that it is posted to.</summary>
    Task,
}

/// <summary>One page of posts, the newest first.</summary>
public sealed record PostPage(IReadOnlyList<Post> Items, string? NextCursor);
