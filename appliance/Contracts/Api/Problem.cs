namespace VSan.Contracts.Api;

/// <summary>An error as RFC 9457 describes it, media type <c>application/problem+json</c>.</summary>
/// <param name="Type">URI reference of the explanation: <c>/errors/{code}</c>.</param>
/// <param name="Title">What is wrong, in a few words; the same for every occurrence of <paramref name="Code"/>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What happened here, in one sentence.</param>
/// <param name="Code">Stable name for programs, for example <c>pool-full</c>.</param>
/// <param name="NextAction">What the reader can do about it, in one sentence.</param>
/// <param name="Fields">Members of the request that are at fault.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string? NextAction = null,
    IReadOnlyList<FieldProblem>? Fields = null);

/// <summary>One member of a request that is at fault.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901), for example <c>/sizeBytes</c>.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record FieldProblem(string Pointer, string Detail);
