using System.Net;
using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>What the station answered to one request.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string ContentType, string Body, Uri? Location)
{
    public T As<T>() => (int)Status < 400 ? Read<T>() : throw new InvalidOperationException($"{(int)Status}: {Body}");

    /// <summary>The error, which must be one of RFC 9457 with the status that the answer has.</summary>
    public Problem AsProblem()
    {
        if (!ContentType.StartsWith("application/problem+json", StringComparison.Ordinal)) throw new InvalidOperationException($"{(int)Status} {ContentType}: {Body}");
        Problem problem = Read<Problem>();
        if (problem.Status != (int)Status) throw new InvalidOperationException($"Status {(int)Status} with a problem that says {problem.Status}.");
        if (problem.Detail.Length == 0 || problem.Title.Length == 0) throw new InvalidOperationException($"A problem without words: {Body}");
        return problem;
    }

    private T Read<T>() => (T)(JsonSerializer.Deserialize(Body, ApiJson.Default.GetTypeInfo(typeof(T))!) ?? throw new InvalidDataException("null"));
}
