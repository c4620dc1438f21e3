namespace VSan.Station.Domain;

/// <summary>What a host's agent said last of its volumes. Kept, as a host that has lost its memory asks for it before it starts a mirror (docs/adr/0085).</summary>
/// <param name="Id">The host.</param>
/// <param name="ReportedAt">When.</param>
/// <param name="Content">JSON of the API's <c>HostReport</c>.</param>
public sealed record HostReport(Guid Id, DateTimeOffset ReportedAt, string Content) : Entity(Id);
