using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Every problem code with its HTTP status and title: the one table, for services, REST and documentation.</summary>
public static class ProblemCatalog
{
    private static readonly Dictionary<string, (int Status, string Title)> Entries = new(StringComparer.Ordinal)
    {
        ["malformed"] = (400, "The request cannot be read"),
        ["invalid-field"] = (400, "A member of the request is not acceptable"),
        ["unauthenticated"] = (401, "Sign in first"),
        ["code-required"] = (401, "A code of the authenticator is needed too"),
        ["forbidden"] = (403, "Your role does not allow this"),
        ["token-invalid"] = (403, "The enrolment token is not known"),
        ["token-expired"] = (403, "The enrolment token has expired"),
        ["token-used-up"] = (403, "The enrolment token admits no more members"),
        ["member-quarantined"] = (403, "The member is set aside: its identity was alive twice"),
        ["member-retired"] = (403, "The member was taken out of service"),
        ["console-unavailable"] = (503, "The console cannot run commands"),
        ["not-found"] = (404, "There is no such object"),
        ["method-not-allowed"] = (405, "This address does not take that method"),
        ["name-taken"] = (409, "The name is in use"),
        ["identity-conflict"] = (409, "The identity belongs to another key"),
        ["volume-mapped"] = (409, "The volume is mapped to a host"),
        ["leg-in-use"] = (409, "A host may write to the leg"),
        ["volume-busy"] = (409, "The volume is not in a state for this"),
        ["volume-has-snapshots"] = (409, "The volume has snapshots"),
        ["not-safe-to-stop"] = (409, "Hosts would lose data that they use"),
        ["orphan-known"] = (409, "The leg belongs to a volume"),
        ["orphan-not-adoptable"] = (409, "No volume can be made of the orphan"),
        ["orphan-not-ours"] = (409, "The unit deletes no file that it did not make"),
        ["snapshot-busy"] = (409, "The snapshot is not in a state for this"),
        ["snapshot-unsupported"] = (409, "This cannot be taken a snapshot of"),
        ["quota-exceeded"] = (409, "A limit would be passed"),
        ["shrink-refused"] = (409, "A volume does not become smaller"),
        ["share-busy"] = (409, "The share is not in a state for this"),
        ["share-bound"] = (409, "The share is bound to somebody"),
        ["already-bound"] = (409, "The share is bound to this holder already"),
        ["project-in-use"] = (409, "The project is in use"),
        ["host-mapped"] = (409, "The host uses something of the pool"),
        ["unit-in-use"] = (409, "Something of the pool lies on the unit"),
        ["unit-phase"] = (409, "The unit is not in a phase for this"),
        ["unit-forgotten"] = (410, "The unit was forgotten"),
        ["image-refused"] = (400, "The file is no image that may be used"),
        ["image-signer-unknown"] = (409, "The station believes nobody's images"),
        ["image-version-taken"] = (409, "There is another image of this version"),
        ["image-in-use"] = (409, "Units are on their way to the image"),
        ["image-not-newer"] = (409, "The image is not newer than the one that runs"),
        ["unit-not-updatable"] = (409, "The unit cannot be given another image"),
        ["unit-updating"] = (409, "The unit is being updated"),
        ["disk-not-blank"] = (409, "The disk is not blank"),
        ["store-in-use"] = (409, "Something of the pool lies on the store"),
        ["unit-not-pending"] = (409, "The unit does not wait for approval"),
        ["already-mapped"] = (409, "The volume is mapped to this host already"),
        ["luns-used-up"] = (409, "The host has no free logical unit number on this unit"),
        ["not-cancellable"] = (409, "The operation can no longer be cancelled"),
        ["not-retryable"] = (409, "The operation does not wait to be tried again"),
        ["post-not-task"] = (409, "The post asks for nothing to be done"),
        ["idempotency-mismatch"] = (409, "The Idempotency-Key was used for another request"),
        ["generation-refused"] = (409, "The unit has a newer configuration than the station"),
        ["precondition-failed"] = (412, "The object was changed meanwhile"),
        ["last-admin"] = (409, "The station would be left without an admin"),
        ["totp-enrolled"] = (409, "There is an authenticator already"),
        ["totp-not-enrolled"] = (409, "There is no authenticator"),
        ["too-large"] = (413, "The request is too large"),
        ["rate-limited"] = (429, "Too many requests"),
        ["internal"] = (500, "The station failed"),
        ["image-fell-back"] = (502, "The unit went back to the version before"),
        ["unit-refused"] = (502, "A unit could not do its part"),
        ["no-unit"] = (503, "No unit can take this now"),
        ["station-full"] = (507, "The station's own disk is full"),
        ["pool-full"] = (507, "The pool has no room for this"),
    };

    /// <summary>All codes with status and title.</summary>
    public static IReadOnlyDictionary<string, (int Status, string Title)> All => Entries;

    /// <summary>Makes the problem document of a code.</summary>
    public static Problem Describe(string code, string detail, string? nextAction = null, IReadOnlyList<FieldProblem>? fields = null)
    {
        (int status, string title) = Entries[code];
        return new Problem($"/errors/{code}", title, status, detail, code, nextAction, fields);
    }
}
