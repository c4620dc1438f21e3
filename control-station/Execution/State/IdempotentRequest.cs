using System.Security.Cryptography;
using System.Text;
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
    public T Answer<T>(IStationTransaction transaction, DateTimeOffset now, JsonTypeInfo<T> type, Func<T> make) => Answer(transaction, now, type, null, make);

    /// <summary>The same for an answer with a secret in it, which is kept sealed.</summary>
    public T SecretAnswer<T>(IStationTransaction transaction, DateTimeOffset now, JsonTypeInfo<T> type, ISecretProtector protector, Func<T> make) =>
        Answer(transaction, now, type, protector, make);

    private T Answer<T>(IStationTransaction transaction, DateTimeOffset now, JsonTypeInfo<T> type, ISecretProtector? protector, Func<T> make)
    {
        if (Key is null) return make();
        ITable<GivenAnswer> answers = transaction.Table<GivenAnswer>();
        foreach (GivenAnswer old in answers.Page(after: null, SweepCount).Where(old => now - old.CreatedAt >= Kept)) answers.Delete(old.Id);
        if (answers.Where(Lookups.AnswerKey, RowKey) is [GivenAnswer given] && !Sabotage.ForgetsAnswers)
        {
            if (now - given.CreatedAt < Kept) return Repeat(given, type, protector);
            answers.Delete(given.Id);
        }

        T answer = make();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        string kept = protector is null ? Encoding.UTF8.GetString(json) : Convert.ToBase64String(protector.Protect(json));
        answers.Insert(new GivenAnswer(transaction.NewId(now), RowKey, RequestHash, kept, now));
        return answer;
    }

    private T Repeat<T>(GivenAnswer given, JsonTypeInfo<T> type, ISecretProtector? protector)
    {
        if (given.RequestHash != RequestHash)
            throw new ProblemException("idempotency-mismatch", "This Idempotency-Key was used for another request.", "Use a fresh key for each request.");
        byte[] json = protector is null ? Encoding.UTF8.GetBytes(given.Answer) : protector.Unprotect(Convert.FromBase64String(given.Answer));
        return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException($"The answer kept for {given.Key} is empty.");
    }
}
