using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>The one error of all services: a request that cannot be granted, and why. Becomes <see cref="Problem"/> at the edge.</summary>
/// <param name="code">A code of <see cref="ProblemCatalog"/>.</param>
/// <param name="detail">What happened here, in one sentence.</param>
/// <param name="nextAction">What the reader can do about it.</param>
/// <param name="fields">Members of the request that are at fault.</param>
public sealed class ProblemException(string code, string detail, string? nextAction = null, IReadOnlyList<FieldProblem>? fields = null)
    : Exception(detail)
{
    /// <summary>Stable name for programs.</summary>
    public string Code { get; } = code;

    /// <summary>What the reader can do about it.</summary>
    public string? NextAction { get; } = nextAction;

    /// <summary>Members of the request that are at fault.</summary>
    public IReadOnlyList<FieldProblem>? Fields { get; } = fields;

    /// <summary>The error as RFC 9457 describes it.</summary>
    public Problem ToProblem() => ProblemCatalog.Describe(Code, Message, NextAction, Fields);

    /// <summary>An object that does not exist (any more).</summary>
    internal static ProblemException NotFound(string noun, object id) => new("not-found", $"There is no {noun} {id}.");

    /// <summary>One member of a request that is at fault.</summary>
    internal static ProblemException Field(string pointer, string detail) =>
        new("invalid-field", $"{pointer} {detail}", fields: [new FieldProblem(pointer, detail)]);
}
