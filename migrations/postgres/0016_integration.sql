-- What has been seen of a product's integration, each thing once: its checklist ticks itself.
create table product_step (
    product_id text not null references product (id),
    step text not null constraint product_step_step
        check (step in ('page_let_in', 'customer_signed_in', 'identity_verified', 'session_outlived_its_token', 'end_noticed')),
    -- When it was seen first.
    seen_at bigint not null,
    primary key (product_id, step)
);
