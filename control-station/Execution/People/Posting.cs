using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Something posted from one person to others; on the wire a post.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Author">Name of who posted it.</param>
/// <param name="Audience">Whom it is for.</param>
/// <param name="IsTask">Whether something is to be done.</param>
/// <param name="Text">What it says.</param>
/// <param name="Subject">What it is about, or null.</param>
/// <param name="SubjectName">What that was called then, or null.</param>
/// <param name="PostedAt">When.</param>
public sealed record Posting(Guid Id, string Author, Audience Audience, bool IsTask, string Text, string? Subject, string? SubjectName, DateTimeOffset PostedAt) : Entity(Id)
{
    /// <summary>Who did what it asks for; null while it is open.</summary>
    public string? DoneBy { get; init; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? DoneAt { get; init; }
}
