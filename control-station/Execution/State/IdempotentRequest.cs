using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VSan.Station.Execution;

/// <summary>One request with an Idempotency-Key (or none): its repetition is given the same answer, for 24 hours.</summary>
/// <param name="Caller">Who asks; keys of different callers do not meet.</param>
/// <param name="Action">Kind of request.</param>
/// <param name="Key">The header, or null.</param>
/// <param name="RequestHash">SHA-256 of the request's JSON.</param>
internal sealed record IdempotentRequest(Caller Caller, string Action, string? Key, string RequestHash)
{
    private const int KeyLengthMax = 200;

    /// <summary>Old answers removed with each new one: more than one, so that the table shrinks after a rush.</summary>
    private const int SweepCount = 8;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private string RowKey => $"{Caller.Name}/{Action}/{Key}";

    /// <summary>Describes a request.</summary>
    public static IdempotentRequest Of<T>(Caller caller, string action, string? key, T request, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (key is { Length: 0 or > KeyLengthMax })
            throw new ProblemException("malformed", $"Idempotency-Key must have 1 to {KeyLengthMax} characters.");
        return new(caller, action, key, Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, type))));
    }

    /// <summary>Gives the remembered answer, or makes one and remembers it.</summary>
    public T Answer<T>(IStationTransaction transaction, DateTimeOffset now, JsonTypeInfo<T> type, Func<T> make)
    {
        if (Key is null) return make();
        ITable<GivenAnswer> answers = transaction.Table<GivenAnswer>();
        foreach (GivenAnswer old in answers.Page(after: null, SweepCount).Where(old => now - old.CreatedAt >= Kept)) answers.Delete(old.Id);
        if (answers.Where(Lookups.AnswerKey, RowKey) is [GivenAnswer given] && !Sabotage.ForgetsAnswers)
        {
            if (now - given.CreatedAt < Kept) return Repeat(given, type);
            answers.Delete(given.Id);
        }

        T answer = make();
        answers.Insert(new GivenAnswer(transaction.NewId(now), RowKey, RequestHash, JsonSerializer.Serialize(answer, type), now));
        return answer;
    }

    private T Repeat<T>(GivenAnswer given, JsonTypeInfo<T> type)
    {
        if (given.RequestHash != RequestHash)
            throw new ProblemException("idempotency-mismatch", "This Idempotency-Key was used for another request.", "Use a fresh key for each request.");
        return JsonSerializer.Deserialize(given.Answer, type) ?? throw new InvalidDataException($"The answer kept for {given.Key} is empty.");
    }
}
