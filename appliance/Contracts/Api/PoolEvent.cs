namespace VSan.Contracts.Api;

/// <summary>Something that happened, as <c>GET /events</c> streams it.</summary>
/// <param name="Id">Counts up; resume with <c>Last-Event-ID</c>.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What: <c>unit.ready</c>, <c>unit.suspect</c>, <c>volume.created</c>, <c>operation.changed</c> and so on.</param>
/// <param name="Subject">Kind and id of the object, <c>volume/3f…</c>.</param>
/// <param name="Message">One sentence.</param>
public sealed record PoolEvent(long Id, DateTimeOffset At, string Kind, string Subject, string Message);
