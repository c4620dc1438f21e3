namespace VSan.Station.Domain;

/// <summary>One line of the log of what happened, for people and for <c>GET /events</c>.</summary>
/// <param name="Number">Counts up from 1; the store gives it.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What, for example <c>unit.ready</c>.</param>
/// <param name="Subject">Kind and id of the object.</param>
/// <param name="Message">One sentence.</param>
public sealed record EventRecord(long Number, DateTimeOffset At, string Kind, string Subject, string Message);

