namespace VSan.Station.Domain;

/// <summary>One line of the audit log as it is kept.</summary>
/// <param name="Number">Counts up from 1, without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Who">The caller.</param>
/// <param name="Action">What was asked, for example <c>volume.create</c>.</param>
/// <param name="Subject">On what.</param>
/// <param name="Outcome"><c>granted</c> or the problem's code.</param>
/// <param name="Hash">Covers this line and the hash of the line before, so that a changed or removed line shows.</param>
public sealed record AuditRecord(long Number, DateTimeOffset At, string Who, string Action, string Subject, string Outcome, string Hash);
