namespace VSan.Station.Domain;

/// <summary>A row of the database that could not be read, or that depends on such a row. It is out of use until a person has mended it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Table">The table it lay in.</param>
/// <param name="RowId">Its identity there.</param>
/// <param name="Reason">Why it cannot be used.</param>
/// <param name="Content">The SQL statement that puts it back as it was found.</param>
/// <param name="At">When it was moved aside.</param>
public sealed record QuarantinedRow(Guid Id, string Table, string RowId, string Reason, string Content, DateTimeOffset At) : Entity(Id);
